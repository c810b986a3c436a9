//! A picture of the processor time of every request, for each size, on a logarithmic scale.

use std::fmt::Write as _;

use crate::bars::work;
use crate::measure::Measured;

const LABELS: f64 = 250.0;
const WIDTH: f64 = 960.0;
const BAR: f64 = 9.0;
const GAP: f64 = 10.0;
const TOP: f64 = 56.0;
const COLOURS: [&str; 4] = ["#9cc5e8", "#3b82c4", "#15486f", "#0a2233"];

/// The picture of one kind of database, as SVG.
#[must_use]
pub fn plot(backend: &str, all: &[Measured]) -> String {
    let Some(first) = all.first() else { return String::new() };
    let scale = Scale::of(all);
    let row = BAR * all.len() as f64 + GAP;
    let height = TOP + row * first.lines.len() as f64 + 20.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.0}\" font-family=\"sans-serif\" font-size=\"11\">\n\
         <rect width=\"{WIDTH}\" height=\"{height:.0}\" fill=\"#fff\"/>\n\
         <text x=\"12\" y=\"20\" font-size=\"14\">{}: processor time of a request in µs, logarithmic</text>\n",
        backend
    );
    legend(&mut svg, all);
    scale.lines(&mut svg, height);
    for (number, line) in first.lines.iter().enumerate() {
        let top = TOP + row * number as f64;
        let middle = top + (row - GAP) / 2.0 + 4.0;
        let _ =
            writeln!(svg, "<text x=\"{}\" y=\"{middle:.1}\" text-anchor=\"end\">{}</text>", LABELS - 8.0, line.name);
        for (place, (measured, colour)) in all.iter().zip(COLOURS).enumerate() {
            let Some(line) = measured.line(line.name) else { continue };
            let (y, end) = (top + BAR * place as f64, scale.x(work(line)));
            let _ = writeln!(
                svg,
                "<rect x=\"{LABELS}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{}\" fill=\"{colour}\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" font-size=\"9\">{:.0}</text>",
                end - LABELS,
                BAR - 1.0,
                end + 4.0,
                y + BAR - 1.5,
                work(line)
            );
        }
    }
    svg + "</svg>\n"
}

fn legend(svg: &mut String, all: &[Measured]) {
    for (place, (measured, colour)) in all.iter().zip(COLOURS).enumerate() {
        let x = LABELS + 150.0 * place as f64;
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"32\" width=\"10\" height=\"10\" fill=\"{colour}\"/><text x=\"{}\" y=\"41\">{} customers</text>",
            x + 15.0,
            measured.size
        );
    }
}

/// From ten microseconds to a power of ten that nothing exceeds.
struct Scale {
    decades: i32,
}

impl Scale {
    fn of(all: &[Measured]) -> Self {
        let most = all.iter().flat_map(|measured| &measured.lines).map(work).fold(100.0, f64::max);
        #[expect(clippy::cast_possible_truncation, reason = "a handful")]
        let decades = (most / 10.0).log10().ceil() as i32;
        Self { decades }
    }

    fn x(&self, micros: f64) -> f64 {
        let share = (micros.max(10.0) / 10.0).log10() / f64::from(self.decades);
        LABELS + share * (WIDTH - LABELS - 50.0)
    }

    fn lines(&self, svg: &mut String, height: f64) {
        for decade in 1..=self.decades + 1 {
            let micros = 10_f64.powi(decade);
            let _ = writeln!(
                svg,
                "<path d=\"M{x:.1} {} V{:.0}\" stroke=\"#ddd\"/><text x=\"{x:.1}\" y=\"{:.0}\" fill=\"#777\" text-anchor=\"middle\">{micros:.0}</text>",
                TOP - 4.0,
                height - 16.0,
                height - 4.0,
                x = self.x(micros)
            );
        }
    }
}
