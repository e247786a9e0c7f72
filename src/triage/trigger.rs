//! Which circumstances are present: a phrase says so, or the model is sure enough and no guard speaks against it.

use super::phrases::Findings;
use super::settings::TriggerSettings;
use crate::feedback::{Span, Trigger, TriggerKind, Understanding};

/// The circumstances of a text, most serious family first, each with its place.
pub(super) fn triggers(
    text: &str,
    understanding: &Understanding,
    findings: &Findings,
    settings: &TriggerSettings,
) -> Vec<Trigger> {
    let length = text.chars().count();
    let praises = is_praise(understanding, findings, settings);
    let mut triggers = Vec::new();
    let told = |kind: &TriggerKind| !praises || is_told(*kind, understanding, settings);
    for kind in TriggerKind::ALL.iter().copied().filter(told) {
        let said = findings.hits.iter().filter(|hit| hit.kind == kind);
        let before = triggers.len();
        triggers.extend(said.map(|hit| trigger(text, kind, hit.span, 1.0)));
        if triggers.len() > before {
            continue;
        }
        let Some(felt) = felt(understanding, kind, settings) else { continue };
        if findings.vetoed.contains(&kind) && felt.probability < settings.sure {
            continue;
        }
        let end = felt.span.end.min(length);
        let span = Span { start: felt.span.start.min(end), end };
        triggers.push(trigger(text, kind, span, felt.probability));
    }
    triggers
}

/// Whether praise still tells of it: thanks for help in danger mention the danger, so the model must feel some of it.
fn is_told(kind: TriggerKind, understanding: &Understanding, settings: &TriggerSettings) -> bool {
    !may_be_praised(kind) && understanding.whole.trigger(kind) >= settings.in_praise
}

/// "You were so kind to my blind mother" asks for nothing.
const fn may_be_praised(kind: TriggerKind) -> bool {
    matches!(kind, TriggerKind::Vulnerable | TriggerKind::Churn | TriggerKind::RepeatContact)
}

fn is_praise(understanding: &Understanding, findings: &Findings, settings: &TriggerSettings) -> bool {
    let meant = findings.sarcasm.is_none() && findings.prayer.is_none();
    meant && understanding.whole.sentiment.positive >= settings.praise
}

fn trigger(text: &str, kind: TriggerKind, span: Span, probability: f32) -> Trigger {
    Trigger { kind, span, text: span.slice(text).to_owned(), probability }
}

struct Felt {
    span: Span,
    probability: f32,
}

/// What the model feels of a circumstance, if that is enough; its place is the piece where it is most probable.
fn felt(understanding: &Understanding, kind: TriggerKind, settings: &TriggerSettings) -> Option<Felt> {
    let whole = understanding.whole.trigger(kind);
    let pieces = understanding.segments.iter().map(|segment| (segment.span, segment.reading.trigger(kind)));
    // The first of equals, so that the answer does not depend on the order of comparison.
    let best = pieces.reduce(|best, piece| if piece.1 > best.1 { piece } else { best });
    let (span, piece) = best.unwrap_or((Span { start: 0, end: usize::MAX }, whole));
    let threshold = settings.threshold(kind);
    let enough = whole >= threshold || piece >= (threshold + settings.piece_margin).min(settings.sure);
    enough.then(|| Felt { span, probability: whole.max(piece) })
}
