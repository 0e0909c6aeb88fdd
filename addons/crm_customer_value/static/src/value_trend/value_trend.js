import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FinanceTrendField } from "@crm_finance_bridge/finance_trend/finance_trend";

// One before the other: the margin is a part of the sales.
const BARS = {
    net_sales: { backgroundColor: "#9fcbe0", barPercentage: 0.9, order: 2 },
    margin: { backgroundColor: "#28a745", barPercentage: 0.45, order: 1 },
};

/**
 * Months as bars of net sales, with the margin in them. A click on a month opens its
 * lines.
 */
export class ValueTrendField extends FinanceTrendField {
    static props = {
        ...FinanceTrendField.props,
        method: { type: String, optional: true },
    };
    static defaultProps = { method: "action_open_figure" };

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get emptyText() {
        return _t("Nothing invoiced in two years");
    }

    get config() {
        const config = super.config;
        config.type = "bar";
        config.data.datasets = this.data.series.map((series) => ({
            label: series.label,
            data: series.values,
            grouped: false,
            ...BARS[series.name],
        }));
        config.options.onClick = (_event, elements) => {
            if (elements.length) {
                this.open(this.data.labels[elements[0].index]);
            }
        };
        config.options.plugins.tooltip = {
            callbacks: {
                title: ([point]) =>
                    deserializeDate(this.data.labels[point.dataIndex]).toLocaleString({
                        month: "long",
                        year: "numeric",
                    }),
            },
        };
        return config;
    }

    async open(month) {
        const action = await this.orm.call(
            this.props.record.resModel,
            this.props.method,
            [this.props.record.resId],
            { context: { finance_figure: "value_trend", finance_month: month } }
        );
        return this.action.doAction(action);
    }
}

registry.category("fields").add("value_trend", {
    component: ValueTrendField,
    displayName: _t("Net sales and margin by month"),
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ method: options.method }),
});
