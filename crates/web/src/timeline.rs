//! The picture of a campaign's dates, as plain SVG: places on one line, drawn on the server. The table behind it says the same.

use std::fmt::Write as _;

use askama::filters::HtmlSafe;
use orglink_app::campaign::CampaignView;
use orglink_domain::clock::Timestamp;

const WIDTH: f64 = 720.0;
const LEFT: f64 = 12.0;

/// One line with its marks.
pub struct Timeline(String);

impl Timeline {
    pub fn of(view: &CampaignView, now: Timestamp) -> Self {
        let calendar = &view.calendar;
        let (begin, end) = (calendar.announce_at.min(now), calendar.automatic_at.max(now));
        let length = end.seconds_since(begin).max(1);
        #[expect(clippy::cast_precision_loss, reason = "a place on a line of a few hundred points")]
        let place = |at: Timestamp| {
            let share = at.seconds_since(begin) as f64 / length as f64;
            LEFT + share.clamp(0.0, 1.0) * (WIDTH - 2.0 * LEFT)
        };
        let mut svg = format!(
            "<svg class=\"timeline\" viewBox=\"0 0 {WIDTH} 74\" role=\"img\" aria-labelledby=\"timeline-title\"><title id=\"timeline-title\">The campaign's dates; the table below says the same</title>"
        );
        let (closes, today) = (place(calendar.closes_at), place(now));
        let _ = write!(
            svg,
            "<line class=\"past\" x1=\"{LEFT}\" x2=\"{today:.1}\" y1=\"36\" y2=\"36\"/><line class=\"ahead\" x1=\"{today:.1}\" x2=\"{:.1}\" y1=\"36\" y2=\"36\"/>",
            WIDTH - LEFT
        );
        for telling in &calendar.tellings {
            let _ = write!(svg, "<circle class=\"telling\" cx=\"{:.1}\" cy=\"36\" r=\"4\"/>", place(telling.at));
        }
        let anchor = |x: f64| {
            if x < 90.0 {
                "start"
            } else if x > WIDTH - 120.0 {
                "end"
            } else {
                "middle"
            }
        };
        let _ = write!(
            svg,
            "<rect class=\"deadline\" x=\"{:.1}\" y=\"26\" width=\"3\" height=\"20\"/><text x=\"{closes:.1}\" y=\"18\" text-anchor=\"{}\">link by {}</text>",
            closes - 1.5,
            anchor(closes),
            view.campaign.definition.link_by
        );
        let announced = place(calendar.announce_at);
        let _ = write!(
            svg,
            "<text x=\"{announced:.1}\" y=\"64\" text-anchor=\"{}\">told from {}</text>",
            anchor(announced),
            view.campaign.definition.announce_on
        );
        let _ = write!(
            svg,
            "<rect class=\"today\" x=\"{:.1}\" y=\"22\" width=\"2\" height=\"28\"/><text class=\"today\" x=\"{today:.1}\" y=\"{}\" text-anchor=\"{}\">today</text></svg>",
            today - 1.0,
            // Above the line where it would stand on what is below.
            if today - announced < 150.0 { 18 } else { 64 },
            anchor(today)
        );
        Self(svg)
    }
}

impl std::fmt::Display for Timeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

// Numbers, days and our own markup.
impl HtmlSafe for Timeline {}
