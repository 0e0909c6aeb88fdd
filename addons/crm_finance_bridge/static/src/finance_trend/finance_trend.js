import { loadBundle } from "@web/core/assets";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";

// Calm for the whole, warning for the part that is late.
const COLORS = ["#3597c4", "#dc3545"];

// The band of a forecast is a shade between its bounds; what came stands out.
const LINES = {
    low: { borderColor: "#9fcbe0", backgroundColor: "#9fcbe0", borderWidth: 1 },
    expected: { borderColor: "#3597c4", backgroundColor: "#3597c4" },
    high: {
        borderColor: "#9fcbe0",
        backgroundColor: "rgba(53, 151, 196, 0.15)",
        borderWidth: 1,
        fill: "-2",
    },
    actual: { borderColor: "#28a745", backgroundColor: "#28a745", borderWidth: 3 },
};

/**
 * Lines over the last month ends: `{labels: [dates], series: [{label, values}]}`; over
 * days with `unit: "day"`. A series that is a line of a forecast says which (`line`).
 */
export class FinanceTrendField extends Component {
    static template = "crm_finance_bridge.FinanceTrendField";
    static props = { ...standardFieldProps };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = this.canvas.el && new Chart(this.canvas.el, this.config);
                return () => chart && chart.destroy();
            },
            () => [JSON.stringify(this.data)]
        );
    }

    get data() {
        return this.props.record.data[this.props.name] || { labels: [], series: [] };
    }

    get emptyText() {
        return _t("No month end yet");
    }

    get config() {
        return {
            type: "line",
            data: {
                labels: this.data.labels.map((label) =>
                    // In the order of the language.
                    deserializeDate(label).toLocaleString({
                        month: "short",
                        ...(this.data.unit === "day"
                            ? { day: "numeric" }
                            : { year: "2-digit" }),
                    })
                ),
                datasets: this.data.series.map((series, index) => {
                    const color = COLORS[index % COLORS.length];
                    return {
                        label: series.label,
                        data: series.values,
                        borderColor: color,
                        backgroundColor: color,
                        borderWidth: 2,
                        pointRadius: 2,
                        ...LINES[series.line],
                    };
                }),
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                plugins: { legend: { position: "bottom", labels: { boxWidth: 12 } } },
                scales: {
                    x: { grid: { display: false } },
                    y: { beginAtZero: true, ticks: { maxTicksLimit: 5 } },
                },
            },
        };
    }
}

registry.category("fields").add("finance_trend", {
    component: FinanceTrendField,
    displayName: _t("Trend of month ends"),
    supportedTypes: ["json"],
});
