import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";

import {
    AgeingBarField,
    ageingBarField,
} from "@crm_finance_bridge/ageing_bar/ageing_bar";

/**
 * What a customer owes and has ordered, by bucket, against the limit. The empty part of
 * the bar is what is left; a line marks a limit that is exceeded.
 */
export class CreditBarField extends AgeingBarField {
    static template = "crm_credit_control.CreditBarField";
    static props = {
        ...AgeingBarField.props,
        limitField: { type: String, optional: true },
        stateField: { type: String, optional: true },
        availableField: { type: String, optional: true },
    };
    static defaultProps = {
        ...AgeingBarField.defaultProps,
        method: "action_open_bucket",
        limitField: "limit_in_force",
        stateField: "state",
        availableField: "available",
    };
    static contextKey = "credit_bucket";
    static colors = {
        receivable: "bg-primary",
        draft_invoice: "o_credit_draft_invoice",
        shipped: "o_credit_shipped",
        ordered: "o_credit_ordered",
    };

    get exposure() {
        return this.buckets.reduce((sum, bucket) => sum + bucket.amount, 0);
    }

    get limit() {
        return this.props.record.data[this.props.limitField] || 0;
    }

    get total() {
        return Math.max(this.exposure, this.limit);
    }

    get segments() {
        // What is in the customer's favour narrows the other buckets: together they are
        // as wide as the exposure.
        const owed = this.buckets.reduce(
            (sum, bucket) => sum + Math.max(0, bucket.amount),
            0
        );
        const scale = owed ? Math.max(0, this.exposure) / owed : 0;
        return super.segments.map((segment) => ({
            ...segment,
            share: Math.max(0, segment.share * scale),
        }));
    }

    get hasAmounts() {
        return this.buckets.some((bucket) => bucket.amount);
    }

    get emptyText() {
        return _t("Nothing counts against the limit");
    }

    /** Where the limit is on an overfull bar, in per cent of its width. */
    get limitShare() {
        return this.limit && this.exposure > this.limit
            ? (100 * this.limit) / this.exposure
            : null;
    }

    get limitTitle() {
        return _t("Limit: %s", this.format(this.limit));
    }

    /** What is left of the limit, its own or the group's, or missing. */
    get balance() {
        const data = this.props.record.data;
        const state = data[this.props.stateField];
        if (!state || state === "unlimited" || (state === "blocked" && !this.limit)) {
            return null;
        }
        const left = data[this.props.availableField] || 0;
        return {
            label: left < 0 ? _t("Over the Limit By") : _t("Left of the Limit"),
            text: this.format(Math.abs(left)),
            isOver: left < 0,
        };
    }
}

export const creditBarField = {
    ...ageingBarField,
    component: CreditBarField,
    displayName: _t("Credit bar"),
    extractProps: ({ options }) => ({
        ...ageingBarField.extractProps({ options }),
        limitField: options.limit_field,
        stateField: options.state_field,
        availableField: options.available_field,
    }),
    fieldDependencies: ({ options }) => [
        ...ageingBarField.fieldDependencies({ options }),
        { name: options.limit_field || "limit_in_force", type: "monetary" },
        { name: options.state_field || "state", type: "selection" },
        { name: options.available_field || "available", type: "monetary" },
    ],
};

registry.category("fields").add("credit_bar", creditBarField);
