import { registry } from "@web/core/registry";

// A salesperson's morning: who is late, why, and what it means for the next order.
registry.category("web_tour.tours").add("crm_finance_bridge_journey", {
    steps: () => [
        {
            content: "The overdue customer is in the list",
            trigger: ".o_data_row:contains('Journey Customer') td[name=overdue]:contains('700.00')",
            run: "click",
        },
        {
            content: "The profile shows how late the customer pays",
            trigger: ".o_form_view [name=oldest_overdue_days]:contains('100')",
        },
        {
            content: "Open what is overdue",
            trigger: ".o_form_view button:has([name=overdue]):contains('700.00')",
            run: "click",
        },
        {
            content: "The items sum to the figure",
            trigger: ".o_list_view tfoot:contains('700.00')",
        },
        {
            content: "Back to the profile",
            trigger: ".o_breadcrumb .o_back_button a, .o_breadcrumb .breadcrumb-item a:last",
            run: "click",
        },
        {
            content: "Open the bucket over 90 days from the ageing bar",
            trigger: ".o_finance_ageing_legend button:contains('Over 90 Days'):contains('700.00')",
            run: "click",
        },
        {
            content: "One item is in it",
            trigger: ".o_list_view .o_data_row:contains('Over 90 Days')",
        },
        {
            content: "Back to the profile",
            trigger: ".o_breadcrumb .o_back_button a, .o_breadcrumb .breadcrumb-item a:last",
            run: "click",
        },
        {
            content: "To the contact",
            trigger: ".oe_stat_button:contains('Contact')",
            run: "click",
        },
        {
            content: "Its Finance tab",
            trigger: ".o_form_view a[name=finance]",
            run: "click",
        },
        {
            content: "The same figures on the contact; refresh them",
            trigger: "button[name=action_refresh_finance]",
            run: "click",
        },
        {
            content: "To the customer's orders",
            trigger: ".oe_stat_button:contains('Sales')",
            run: "click",
        },
        {
            content: "A new quotation",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "What the customer owes stands on the quotation",
            trigger: ".o_finance_line [name=finance_receivable]:contains('1,000.00')",
        },
        {
            content: "Leave without saving",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
    ],
});
