import { registry } from "@web/core/registry";
import { percentageField } from "@web/views/fields/percentage/percentage_field";
import {
    formatOptionalPercentage,
    OptionalPercentageField,
} from "@crm_finance_bridge/optional_percentage/optional_percentage";

/** In whole per cents; what is not certain is not rounded to 0 or 100. */
export function formatProbability(value, options = {}) {
    const written = { ...options, digits: [16, 0] };
    if (value > 0 && value < 0.005) {
        return `<${formatOptionalPercentage(0.01, written)}`;
    }
    if (value < 1 && value >= 0.995) {
        return `>${formatOptionalPercentage(0.99, written)}`;
    }
    return formatOptionalPercentage(value, written);
}
formatProbability.extractOptions = formatOptionalPercentage.extractOptions;

export class ProbabilityField extends OptionalPercentageField {
    get formattedValue() {
        const { record, name } = this.props;
        return formatProbability(record.data[name], { field: record.fields[name] });
    }
}

registry.category("formatters").add("probability", formatProbability);
registry.category("fields").add("probability", {
    ...percentageField,
    component: ProbabilityField,
});
