import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/**
 * The ageing of a customer's receivable as a stacked bar with a legend. A click on a
 * bucket opens the items in it.
 *
 * Other bars derive from it: they bring their own colors, total and texts.
 */
export class AgeingBarField extends Component {
    static template = "crm_finance_bridge.AgeingBarField";
    static props = {
        ...standardFieldProps,
        currencyField: { type: String, optional: true },
        method: { type: String, optional: true },
        legend: { type: Boolean, optional: true },
    };
    static defaultProps = {
        currencyField: "currency_id",
        method: "action_open_figure",
        legend: true,
    };
    /** Key of the context that tells the method which bucket to open. */
    static contextKey = "finance_figure";
    /** CSS class of every bucket. */
    static colors = {
        not_due: "bg-success",
        ageing_1: "o_finance_ageing_1",
        ageing_2: "o_finance_ageing_2",
        ageing_3: "o_finance_ageing_3",
        ageing_4: "bg-danger",
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get currencyId() {
        return this.props.record.data[this.props.currencyField]?.id;
    }

    get buckets() {
        return this.props.record.data[this.props.name] || [];
    }

    /** The amount as wide as the whole bar. */
    get total() {
        return this.buckets.reduce((sum, bucket) => sum + bucket.amount, 0);
    }

    get segments() {
        const total = this.total;
        return this.buckets.map((bucket) => ({
            ...bucket,
            color: this.constructor.colors[bucket.bucket],
            share: total ? (100 * bucket.amount) / total : 0,
            text: this.format(bucket.amount),
        }));
    }

    get hasAmounts() {
        return this.segments.some((segment) => segment.share > 0);
    }

    get emptyText() {
        return _t("Nothing open");
    }

    format(amount) {
        return formatMonetary(amount, { currencyId: this.currencyId });
    }

    async open(bucket) {
        const action = await this.orm.call(
            this.props.record.resModel,
            this.props.method,
            [this.props.record.resId],
            { context: { [this.constructor.contextKey]: bucket } }
        );
        return this.action.doAction(action);
    }
}

export const ageingBarField = {
    component: AgeingBarField,
    displayName: _t("Ageing bar"),
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({
        currencyField: options.currency_field,
        method: options.method,
        legend: !options.no_legend,
    }),
    fieldDependencies: ({ options }) => [
        { name: options.currency_field || "currency_id", type: "many2one" },
    ],
};

registry.category("fields").add("finance_ageing_bar", ageingBarField);
