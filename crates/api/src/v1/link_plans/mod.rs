mod make_plan;
mod view;
mod view_plan;
pub use make_plan::*;
pub use view::PlanJson;
pub use view_plan::*;
