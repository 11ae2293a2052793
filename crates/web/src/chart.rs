//! Lines over days and shares of cohorts, as plain SVG drawn on the server. The table behind each says the same.

use std::fmt::Write as _;

use askama::filters::HtmlSafe;
use orglink_app::operator::{CohortCounts, DayCounts};
use orglink_domain::clock::{Timestamp, Zone};
use orglink_domain::day::Day;
use orglink_domain::eligibility::ReasonCode;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 200.0;
const LEFT: f64 = 52.0;
const BOTTOM: f64 = 24.0;
/// Lines of one chart that can be told apart.
const LINES: usize = 5;
/// The height of one cohort.
const ROW: f64 = 26.0;
/// Where the bars of cohorts begin: behind their names.
const NAMES: f64 = 150.0;

/// A picture.
pub struct Chart(String);

/// A line: its class in the style sheet, and the count of each day.
struct Line {
    class: String,
    counts: Vec<i64>,
}

impl Chart {
    /// Linked, and what is left to be linked, with the way to a deadline. Nothing without a day. `deadline` is when nothing
    /// should be left.
    pub fn burn_down(days: &[DayCounts], deadline: Option<Timestamp>) -> Option<Self> {
        let line = |class: &str, of: fn(&DayCounts) -> i64| Line {
            class: class.to_owned(),
            counts: days.iter().map(of).collect(),
        };
        let lines = [line("linked", |d| d.linked), line("left", |d| d.eligible)];
        Self::over_days("burn-down", "Workspaces linked and left to be linked, day by day", days, &lines, deadline)
    }

    /// What stands in the way, day by day: the reasons with a line, the most frequent ones.
    pub fn blocked(days: &[DayCounts]) -> Option<(Self, Vec<ReasonCode>)> {
        let mut codes: Vec<(i64, ReasonCode)> = ReasonCode::ALL
            .iter()
            .map(|code| (days.iter().filter_map(|d| d.by_reason.get(code)).copied().max().unwrap_or(0), *code))
            .filter(|(most, code)| *most > 0 && *code != ReasonCode::AlreadyLinked)
            .collect();
        codes.sort_by_key(|(most, code)| (std::cmp::Reverse(*most), *code));
        codes.truncate(LINES);
        let codes: Vec<ReasonCode> = codes.into_iter().map(|(_, code)| code).collect();
        let line = |(i, code): (usize, &ReasonCode)| Line {
            class: format!("line-{i}"),
            counts: days.iter().map(|d| d.by_reason.get(code).copied().unwrap_or(0)).collect(),
        };
        let lines: Vec<Line> = codes.iter().enumerate().map(line).collect();
        if lines.is_empty() {
            return None;
        }
        let chart = Self::over_days("blocked", "Workspaces by what stands in the way, day by day", days, &lines, None)?;
        Some((chart, codes))
    }

    fn over_days(
        id: &str,
        title: &str,
        days: &[DayCounts],
        lines: &[Line],
        deadline: Option<Timestamp>,
    ) -> Option<Self> {
        let (first, last) = (days.first()?, days.last()?);
        let at = |day: Day| day.starts_in(&Zone::default()).unwrap_or(Timestamp::from_micros(0));
        let begin = at(first.day);
        let end = deadline.unwrap_or_else(|| at(last.day)).max(at(last.day));
        let most = lines.iter().flat_map(|line| &line.counts).copied().max().unwrap_or(0).max(1);
        #[expect(clippy::cast_precision_loss, reason = "places on a picture of a few hundred points")]
        let place = |moment: Timestamp, count: i64| {
            let share = moment.seconds_since(begin) as f64 / end.seconds_since(begin).max(1) as f64;
            let height = HEIGHT - BOTTOM - 12.0;
            (LEFT + share * (WIDTH - LEFT - 12.0), HEIGHT - BOTTOM - height * count as f64 / most as f64)
        };
        let mut svg = begin_svg(id, title, HEIGHT);
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
        for Line { class, counts } in lines {
            let points: Vec<(f64, f64)> = days.iter().zip(counts).map(|(d, count)| place(at(d.day), *count)).collect();
            let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            let _ = write!(svg, "<polyline class=\"{class}\" points=\"{}\"/>", path.join(" "));
            if let Some((x, y)) = points.last() {
                let _ = write!(svg, "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>");
            }
        }
        let _ = write!(
            svg,
            "<text x=\"{LEFT}\" y=\"{:.1}\">{}</text><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text></svg>",
            HEIGHT - 6.0,
            first.day,
            WIDTH - 12.0,
            HEIGHT - 6.0,
            // A deadline at midnight is the end of the day before.
            Day::at(end.plus_seconds(-1), &Zone::default()).unwrap_or(last.day).max(last.day)
        );
        Some(Self(svg))
    }

    /// Of each cohort, what is linked and what can be, as parts of its workspaces. Nothing without a cohort.
    pub fn cohorts(day: &DayCounts) -> Option<Self> {
        if day.cohorts.is_empty() {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "lengths on a picture of a few hundred points")]
        let length = |count: i64, c: &CohortCounts| (WIDTH - NAMES - 12.0) * count as f64 / c.all.max(1) as f64;
        let mut svg = String::new();
        let mut y = 4.0;
        for ((kind, plan), c) in &day.cohorts {
            let (linked, eligible) = (length(c.linked, c), length(c.eligible, c));
            let _ = write!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{kind}, {plan}</text><rect class=\"rest\" x=\"{NAMES}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\"/><rect class=\"linked\" x=\"{NAMES}\" y=\"{y:.1}\" width=\"{linked:.1}\" height=\"{:.1}\"/><rect class=\"left\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{eligible:.1}\" height=\"{:.1}\"/>",
                NAMES - 10.0,
                y + 14.0,
                WIDTH - NAMES - 12.0,
                ROW - 6.0,
                ROW - 6.0,
                NAMES + linked,
                ROW - 6.0,
            );
            y += ROW;
        }
        let title = "Of each kind and plan, the share that is linked and the share that can be";
        Some(Self(format!("{}{svg}</svg>", begin_svg("cohorts", title, y))))
    }
}

fn begin_svg(id: &str, title: &str, height: f64) -> String {
    format!(
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"chart-{id}\"><title id=\"chart-{id}\">{title}; the table below says the same</title>"
    )
}

impl std::fmt::Display for Chart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

// Numbers, days, words of ours and our own markup.
impl HtmlSafe for Chart {}
