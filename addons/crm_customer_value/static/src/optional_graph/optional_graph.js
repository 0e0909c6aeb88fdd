import { registry } from "@web/core/registry";
import { GraphModel } from "@web/views/graph/graph_model";
import { graphView } from "@web/views/graph/graph_view";

/** What could not be observed has no point; Odoo's own graph draws it as 0. */
export class OptionalGraphModel extends GraphModel {
    _getData(dataPoints, forceUseAllDataPoints) {
        const data = super._getData(dataPoints, forceUseAllDataPoints);
        for (const dataset of data.datasets) {
            dataset.data = dataset.data.map((value, index) =>
                dataset.domains[index].length && value !== false ? value : null
            );
        }
        return data;
    }
}

registry.category("views").add("optional_graph", {
    ...graphView,
    Model: OptionalGraphModel,
});
