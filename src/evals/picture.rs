//! Curves as SVG.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use plotters::prelude::*;

use super::report::Section;
use super::statistics::Bin;

/// Width and height of a picture, in pixels.
const SIZE: (u32, u32) = (560, 420);

/// Colours that those with weak colour vision tell apart (Okabe and Ito).
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
];

/// The colour of what is no dataset.
const GREY: RGBColor = RGBColor(128, 128, 128);

/// Curves of a section.
#[derive(Clone, Debug)]
pub struct Picture {
    /// What it shows, for its file's name and for those who can't see it.
    pub kind: &'static str,
    /// What is drawn.
    pub svg: String,
}

/// One line of a picture.
struct Curve<'name> {
    name: &'name str,
    colour: RGBColor,
    points: Vec<(f64, f64)>,
}

/// Draws what a section has curves of: all pictures show the same datasets in the same colours.
///
/// # Errors
/// A message, if a picture can't be drawn.
pub fn pictures(section: &Section) -> Result<Vec<Picture>, String> {
    let shown = largest(&section.reliability);
    if shown.is_empty() {
        return Ok(Vec::new());
    }
    let reliability = reliability(coloured(&shown, &section.reliability, |bin| (bin.stated, bin.happened)));
    let risk = risk(&coloured(&shown, &section.risks, |point| (point.coverage, point.risk)));
    [("reliability", reliability), ("risk", risk)]
        .into_iter()
        .map(|(kind, svg)| Ok(Picture { kind, svg: svg.map_err(|reason| format!("{kind}: {reason}"))? }))
        .collect()
}

/// The datasets with the most texts, as many as there are colours; of equals the first by name.
fn largest(reliability: &BTreeMap<String, Vec<Bin>>) -> Vec<&str> {
    let texts = |bins: &[Bin]| bins.iter().map(|bin| bin.count).sum::<usize>();
    let mut names: Vec<(&str, usize)> = reliability.iter().map(|(name, bins)| (name.as_str(), texts(bins))).collect();
    names.sort_by_key(|(_, texts)| Reverse(*texts));
    names.into_iter().take(COLOURS.len()).map(|(name, _)| name).collect()
}

fn coloured<'name, Point>(
    shown: &[&'name str],
    curves: &BTreeMap<String, Vec<Point>>,
    point: fn(&Point) -> (f64, f64),
) -> Vec<Curve<'name>> {
    let curve = |(&name, colour)| Some(Curve { name, colour, points: curves.get(name)?.iter().map(point).collect() });
    shown.iter().zip(COLOURS).filter_map(curve).collect()
}

/// What was stated against what happened; honest probabilities lie on the diagonal.
fn reliability(mut curves: Vec<Curve<'_>>) -> Result<String, String> {
    curves.push(Curve { name: "honest", colour: GREY, points: vec![(0.0, 0.0), (1.0, 1.0)] });
    draw(("stated probability", "share that came true"), 1.0, &curves)
}

/// What is wrong among the answers against how many texts are answered.
fn risk(curves: &[Curve<'_>]) -> Result<String, String> {
    let points = curves.iter().flat_map(|curve| &curve.points);
    let highest = points.fold(0.1_f64, |highest, point| highest.max(point.1));
    draw(("share of texts answered", "share of answers wrong"), highest, curves)
}

fn draw(axes: (&str, &str), highest: f64, curves: &[Curve<'_>]) -> Result<String, String> {
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
    draw_on(&area, axes, highest, curves).map_err(|error| error.to_string())?;
    drop(area);
    Ok(svg)
}

fn draw_on<Backend: DrawingBackend>(
    area: &DrawingArea<Backend, plotters::coord::Shift>,
    (across, up): (&str, &str),
    highest: f64,
    curves: &[Curve<'_>],
) -> Result<(), DrawingAreaErrorKind<Backend::ErrorType>> {
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(area);
    chart.margin(12).x_label_area_size(40).y_label_area_size(52);
    let mut chart = chart.build_cartesian_2d(0.0..1.0, 0.0..highest)?;
    chart.configure_mesh().x_desc(across).y_desc(up).light_line_style(TRANSPARENT).draw()?;
    for Curve { name, colour, points } in curves {
        let line = chart.draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(2)))?;
        line.label(*name).legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(2)));
    }
    let mut labels = chart.configure_series_labels();
    labels
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.3))
        .draw()?;
    area.present()
}

#[cfg(test)]
mod tests {
    use super::super::statistics::Risk;
    use super::*;

    fn section(sizes: &[(&str, usize)]) -> Section {
        let mut section = Section::default();
        for &(name, count) in sizes {
            let bins = vec![Bin { stated: 0.2, happened: 0.1, count }, Bin { stated: 0.9, happened: 1.0, count: 2 }];
            section.reliability.insert(name.to_owned(), bins);
            let points = vec![Risk { coverage: 0.5, risk: 0.0 }, Risk { coverage: 1.0, risk: 0.25 }];
            section.risks.insert(name.to_owned(), points);
        }
        section
    }

    #[test]
    fn curves_become_pictures_with_their_names() {
        let drawn = pictures(&section(&[("umsab ar", 4)])).expect("drawn");
        assert_eq!(drawn.iter().map(|picture| picture.kind).collect::<Vec<_>>(), ["reliability", "risk"]);
        assert!(drawn.iter().all(|picture| picture.svg.starts_with("<svg") && picture.svg.contains("umsab ar")));
        assert!(drawn[0].svg.contains("honest"));
        assert!(drawn[1].svg.contains("share of texts answered") && drawn[1].svg.contains("<polyline"));
        assert!(pictures(&Section::default()).expect("drawn").is_empty(), "without curves there is nothing to draw");
    }

    #[test]
    fn all_pictures_show_the_largest_datasets() {
        let sizes = [("a1", 5), ("a2", 5), ("b1", 1), ("c1", 9), ("d1", 5), ("e1", 2), ("f1", 7), ("g1", 1)];
        let section = section(&sizes);
        assert_eq!(largest(&section.reliability), ["c1", "f1", "a1", "a2", "d1", "e1"]);
        for picture in pictures(&section).expect("drawn") {
            let shown = |name: &str| picture.svg.contains(&format!("\n{name}\n"));
            assert!(shown("e1") && !shown("b1") && !shown("g1"), "{}", picture.kind);
        }
    }
}
