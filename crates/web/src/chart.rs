//! Lines over days, as plain SVG drawn on the server. The table behind each says the same.

use std::fmt::Write as _;

use askama::filters::HtmlSafe;
use orglink_app::operator::DayCounts;
use orglink_domain::campaign::Day;
use orglink_domain::clock::{Timestamp, Zone};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 200.0;
const LEFT: f64 = 52.0;
const BOTTOM: f64 = 24.0;

/// Linked, and what is left to be linked, with the way to a deadline.
pub struct Chart(String);

impl Chart {
    /// Nothing without a day. `deadline` is when nothing should be left.
    pub fn of(days: &[DayCounts], deadline: Option<Timestamp>) -> Option<Self> {
        let (first, last) = (days.first()?, days.last()?);
        let at = |day: Day| day.starts_in(&Zone::default()).unwrap_or(Timestamp::from_micros(0));
        let begin = at(first.day);
        let end = deadline.unwrap_or_else(|| at(last.day)).max(at(last.day));
        let most = days.iter().map(|d| d.linked.max(d.eligible)).max().unwrap_or(0).max(1);
        #[expect(clippy::cast_precision_loss, reason = "places on a picture of a few hundred points")]
        let place = |moment: Timestamp, count: i64| {
            let share = moment.seconds_since(begin) as f64 / end.seconds_since(begin).max(1) as f64;
            let height = HEIGHT - BOTTOM - 12.0;
            (LEFT + share * (WIDTH - LEFT - 12.0), HEIGHT - BOTTOM - height * count as f64 / most as f64)
        };
        let mut svg = format!(
            "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-labelledby=\"chart-title\"><title id=\"chart-title\">Workspaces linked and left to be linked, day by day; the table below says the same</title>"
        );
        for count in [0, most] {
            let (_, y) = place(begin, count);
            let _ = write!(
                svg,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{count}</text>",
                WIDTH - 12.0,
                LEFT - 6.0,
                y + 4.0
            );
        }
        if let Some(deadline) = deadline.filter(|deadline| *deadline > begin) {
            let ((x1, y1), (x2, y2)) = (place(begin, first.eligible), place(deadline, 0));
            let _ = write!(
                svg,
                "<line class=\"ideal\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/><rect class=\"deadline\" x=\"{:.1}\" y=\"8\" width=\"2\" height=\"{:.1}\"/>",
                x2 - 1.0,
                HEIGHT - BOTTOM - 8.0
            );
        }
        for (class, of) in [("linked", (|d| d.linked) as fn(&DayCounts) -> i64), ("left", |d| d.eligible)] {
            let points: Vec<String> =
                days.iter().map(|d| place(at(d.day), of(d))).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            let _ = write!(svg, "<polyline class=\"{class}\" points=\"{}\"/>", points.join(" "));
            let (x, y) = place(at(last.day), of(last));
            let _ = write!(svg, "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>");
        }
        let _ = write!(
            svg,
            "<text x=\"{LEFT}\" y=\"{:.1}\">{}</text><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text></svg>",
            HEIGHT - 6.0,
            first.day,
            WIDTH - 12.0,
            HEIGHT - 6.0,
            Day::at(end, &Zone::default()).unwrap_or(last.day)
        );
        Some(Self(svg))
    }
}

impl std::fmt::Display for Chart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

// Numbers, days and our own markup.
impl HtmlSafe for Chart {}
