//! Shows an overview as a person likes to read it in a terminal.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use crate::feedback::{Language, Priority, SentimentLabel};
use crate::pipeline::Personas;
use crate::pipeline::overview::{Overview, ThemeGlance, TicketGlance};
use crate::pipeline::score::Scores;
use crate::scores::{Kind, Score};
use crate::themes::Theme;

/// Width of the widest bar, in characters.
const BAR: usize = 28;

/// Longest quote, in characters.
const QUOTE: usize = 96;

/// An overview, the scores and the personas, to be displayed.
pub(super) struct Summary<'a>(pub(super) &'a Overview, pub(super) &'a [Scores], pub(super) &'a Personas);

impl Display for Summary<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(Overview { counts, themes, tickets, ticket_counts }, scores, found) = self;
        writeln!(f, "\n{} messages, {} understood", counts.total, counts.analysed)?;
        writeln!(f, "\nLanguages   {}", shares(&counts.languages, counts.analysed, Language::code))?;
        heading(f, "Sentiment")?;
        for label in SentimentLabel::ALL.iter().copied() {
            bar(f, label.name(), counts.sentiments.get(&label).copied().unwrap_or_default(), counts.analysed)?;
        }
        heading(f, "Priority")?;
        for priority in Priority::ALL {
            bar(f, priority.name(), counts.priorities.get(&priority).copied().unwrap_or_default(), counts.analysed)?;
        }
        if !scores.is_empty() {
            heading(f, "Scores (with 95 % intervals)")?;
            scores.iter().try_for_each(|each| score(f, each))?;
        }
        let unassigned = counts.analysed.saturating_sub(counts.themed);
        heading(f, &format!("Themes ({} messages in none)", unassigned))?;
        themes.iter().try_for_each(|glance| theme(f, glance))?;
        personas(f, found)?;
        let open: u64 = ticket_counts.active_priorities.values().sum();
        heading(f, &format!("Most urgent of {open} open tickets"))?;
        tickets.iter().try_for_each(|glance| ticket(f, glance))
    }
}

fn heading(f: &mut Formatter<'_>, title: &str) -> fmt::Result {
    writeln!(f, "\n{title}")?;
    writeln!(f, "{}", "─".repeat(title.chars().count()))
}

fn bar(f: &mut Formatter<'_>, name: &str, count: u64, total: u64) -> fmt::Result {
    let share = if total == 0 { 0.0 } else { count as f64 / total as f64 };
    let filled = "█".repeat((share * BAR as f64).round() as usize);
    writeln!(f, "{name:<10} {filled:<BAR$} {count:>5}  {:>3.0} %", share * 100.0)
}

fn shares<K: Ord>(counts: &BTreeMap<K, u64>, total: u64, name: impl Fn(&K) -> &str) -> String {
    let mut sorted: Vec<_> = counts.iter().collect();
    sorted.sort_by(|left, right| right.1.cmp(left.1).then(left.0.cmp(right.0)));
    let share = |count: u64| 100.0 * count as f64 / total.max(1) as f64;
    sorted
        .iter()
        .take(6)
        .map(|(key, count)| format!("{} {:.0} %", name(key), share(**count)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The main measure of a method, or how many ratings there are if they are too few.
fn score(f: &mut Formatter<'_>, scores: &Scores) -> fmt::Result {
    let (method, n) = (scores.method.name(), scores.total.ratings.n());
    let Some(Score { measure, value, interval }) = scores.total.scores.first() else {
        return writeln!(f, "{method:<10} {n} ratings, too few for a score");
    };
    let shown = |value: f64| match measure.kind() {
        Kind::Net => format!("{value:.0}"),
        Kind::Share => format!("{:.0} %", value * 100.0),
        Kind::Mean => format!("{value:.1}"),
    };
    let (low, high) = (shown(interval.low), shown(interval.high));
    let texts = scores.disagreements;
    writeln!(f, "{method:<10} {} ({low} to {high}), {n} ratings, {texts} contradicted by their text", shown(*value))
}

/// The personas with their shares, or why there are none.
fn personas(f: &mut Formatter<'_>, found: &Personas) -> fmt::Result {
    let Some(run) = &found.run else { return Ok(()) };
    heading(f, &format!("Personas of {} customers", run.population.customers))?;
    if let Some(refusal) = &run.refusal {
        return writeln!(f, "none: {}; /personas says what is missing", refusal.name().replace('_', " "));
    }
    found.personas.iter().try_for_each(|persona| {
        let (size, names) = (&persona.card.size, &persona.card.names);
        let (low, high) = (size.interval.low * 100.0, size.interval.high * 100.0);
        let names: Vec<&str> = names.values().map(String::as_str).collect();
        writeln!(f, "{:>3.0} % ({low:.0} to {high:.0})  {}", size.share * 100.0, names.join("  |  "))
    })
}

fn theme(f: &mut Formatter<'_>, glance: &ThemeGlance) -> fmt::Result {
    writeln!(f, "{:>5}  {}", glance.listed.members, titles(&glance.listed.theme))?;
    if let Some(burst) = &glance.burst {
        let (start, end) = (burst.start.format("%Y-%m-%d %H:%M"), burst.end.format("%H:%M"));
        writeln!(f, "       ! burst: {} messages from {start} to {end} UTC", burst.count)?;
    }
    match &glance.quote {
        Some(quote) => writeln!(f, "       “{}”", shortened(quote.text.as_str())),
        None => Ok(()),
    }
}

fn titles(theme: &Theme) -> String {
    let both = [Language::arabic(), Language::english()];
    let mut titles: Vec<&str> =
        both.iter().filter_map(|language| theme.titles.get(language)).map(String::as_str).collect();
    if titles.is_empty() {
        titles.extend(theme.titles.values().map(String::as_str).take(1));
    }
    titles.join("  |  ")
}

fn ticket(f: &mut Formatter<'_>, glance: &TicketGlance) -> fmt::Result {
    let ticket = &glance.ticket;
    let due = ticket.first_reply_due.format("%H:%M");
    let text = glance.feedback.as_ref().map(|item| shortened(item.text.as_str())).unwrap_or_default();
    writeln!(f, "{}  {:<12} reply by {due}  “{text}”", ticket.priority, ticket.queue)?;
    for trigger in &ticket.triggers {
        writeln!(f, "      {}: “{}”", trigger.kind, shortened(&trigger.text))?;
    }
    Ok(())
}

/// One line of at most [`QUOTE`] characters.
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= QUOTE {
        return line;
    }
    line.chars().take(QUOTE - 1).chain(['…']).collect()
}
