import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

const COLORS = {
    not_due: "bg-success",
    ageing_1: "o_finance_ageing_1",
    ageing_2: "o_finance_ageing_2",
    ageing_3: "o_finance_ageing_3",
    ageing_4: "bg-danger",
};

/**
 * The ageing of a customer's receivable as a stacked bar with a legend. A click on a
 * bucket opens the items in it.
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

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get currencyId() {
        return this.props.record.data[this.props.currencyField]?.id;
    }

    get segments() {
        const buckets = this.props.record.data[this.props.name] || [];
        const total = buckets.reduce((sum, bucket) => sum + bucket.amount, 0);
        return buckets.map((bucket) => ({
            ...bucket,
            color: COLORS[bucket.bucket],
            share: total ? (100 * bucket.amount) / total : 0,
            text: formatMonetary(bucket.amount, { currencyId: this.currencyId }),
        }));
    }

    get hasAmounts() {
        return this.segments.some((segment) => segment.share > 0);
    }

    get emptyText() {
        return _t("Nothing open");
    }

    async open(bucket) {
        const action = await this.orm.call(
            this.props.record.resModel,
            this.props.method,
            [this.props.record.resId],
            { context: { finance_figure: bucket } }
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
