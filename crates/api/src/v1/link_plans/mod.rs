mod make_plan;
mod plan_links;
mod view;
mod view_plan;
pub use make_plan::*;
pub use plan_links::*;
pub use view::PlanJson;
pub use view_plan::*;
