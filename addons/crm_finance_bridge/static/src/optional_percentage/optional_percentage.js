import { registry } from "@web/core/registry";
import { formatPercentage } from "@web/views/fields/formatters";
import {
    PercentageField,
    percentageField,
} from "@web/views/fields/percentage/percentage_field";

/** A rate without a denominator is empty; Odoo's own percentage shows it as 0%. */
export function formatOptionalPercentage(value, options = {}) {
    if (value === false || value === null || value === undefined) {
        return "";
    }
    return formatPercentage(value, options);
}
formatOptionalPercentage.extractOptions = formatPercentage.extractOptions;

export class OptionalPercentageField extends PercentageField {
    get formattedValue() {
        const { record, name, digits } = this.props;
        return formatOptionalPercentage(record.data[name], {
            digits,
            field: record.fields[name],
        });
    }
}

registry.category("formatters").add("optional_percentage", formatOptionalPercentage);
registry.category("fields").add("optional_percentage", {
    ...percentageField,
    component: OptionalPercentageField,
});
