//! Curves as SVG.

use std::collections::BTreeMap;

use plotters::prelude::*;

use super::statistics::{Bin, Risk};

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

/// What was stated against what happened, of the largest datasets; honest probabilities lie on the diagonal.
///
/// # Errors
/// A message, if the picture can't be drawn.
pub fn reliability(curves: &BTreeMap<String, Vec<Bin>>) -> Result<String, String> {
    let of = |bins: &Vec<Bin>| bins.iter().map(|bin| (bin.stated, bin.happened)).collect();
    let mut lines: Vec<(String, Vec<(f64, f64)>)> =
        curves.iter().map(|(name, bins)| (name.clone(), of(bins))).collect();
    lines.push(("honest".to_owned(), vec![(0.0, 0.0), (1.0, 1.0)]));
    draw(("stated probability", "share that came true"), 1.0, &lines)
}

/// What is wrong among the answers against how many texts are answered, as many datasets as there are colours.
///
/// # Errors
/// A message, if the picture can't be drawn.
pub fn risk(curves: &BTreeMap<String, Vec<Risk>>) -> Result<String, String> {
    let of = |points: &Vec<Risk>| points.iter().map(|point| (point.coverage, point.risk)).collect();
    let lines: Vec<(String, Vec<(f64, f64)>)> =
        curves.iter().map(|(name, points)| (name.clone(), of(points))).collect();
    let highest = lines.iter().flat_map(|(_, points)| points).fold(0.1_f64, |highest, point| highest.max(point.1));
    draw(("share of texts answered", "share of answers wrong"), highest, &lines)
}

fn draw(axes: (&str, &str), highest: f64, lines: &[(String, Vec<(f64, f64)>)]) -> Result<String, String> {
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
    draw_on(&area, axes, highest, lines).map_err(|error| error.to_string())?;
    drop(area);
    Ok(svg)
}

fn draw_on<Backend: DrawingBackend>(
    area: &DrawingArea<Backend, plotters::coord::Shift>,
    (across, up): (&str, &str),
    highest: f64,
    lines: &[(String, Vec<(f64, f64)>)],
) -> Result<(), DrawingAreaErrorKind<Backend::ErrorType>> {
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(area);
    chart.margin(12).x_label_area_size(40).y_label_area_size(52);
    let mut chart = chart.build_cartesian_2d(0.0..1.0, 0.0..highest)?;
    chart.configure_mesh().x_desc(across).y_desc(up).light_line_style(TRANSPARENT).draw()?;
    for ((name, points), colour) in lines.iter().zip(COLOURS.iter().cycle()) {
        let line = chart.draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(2)))?;
        line.label(name).legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(2)));
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
    use super::*;

    #[test]
    fn curves_become_pictures_with_their_names() {
        let bins = vec![Bin { stated: 0.2, happened: 0.1, count: 4 }, Bin { stated: 0.9, happened: 1.0, count: 2 }];
        let picture = reliability(&BTreeMap::from([("umsab ar".to_owned(), bins)])).expect("drawn");
        assert!(picture.starts_with("<svg") && picture.contains("umsab ar") && picture.contains("honest"));
        let points = vec![Risk { coverage: 0.5, risk: 0.0 }, Risk { coverage: 1.0, risk: 0.25 }];
        let picture = risk(&BTreeMap::from([("P1".to_owned(), points)])).expect("drawn");
        assert!(picture.contains("share of texts answered") && picture.contains("<polyline"));
        assert!(risk(&BTreeMap::new()).is_ok(), "an empty picture is a picture");
    }
}
