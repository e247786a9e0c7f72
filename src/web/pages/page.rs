//! What every page knows: its reader's language, clock and place, and how words, numbers and times look there.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::{FromRef as _, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use fluent_bundle::FluentValue;
use uuid::Uuid;

use super::locale::Locale;
use super::text::visible;
use super::{assets, format, messages};
use crate::access::{Actor, Scope, User};
use crate::feedback::Language;
use crate::personas::Persona;
use crate::themes::Theme;
use crate::web::state::{Readers, Web};

/// What every page knows.
#[derive(Clone, Debug)]
pub struct Page {
    /// The reader's language.
    pub locale: Locale,
    /// Local time minus UTC.
    pub offset: FixedOffset,
    /// Whether days of the Hijri calendar stand beside.
    pub hijri: bool,
    /// The time now.
    pub now: DateTime<Utc>,
    /// The path and query that was asked for.
    pub here: String,
    /// Who looks at it, if that is known.
    pub user: Option<User>,
}

impl Page {
    /// The page that a request asks for.
    #[must_use]
    pub fn of(headers: &HeaderMap, uri: &Uri, readers: &Readers) -> Self {
        let here = uri.path_and_query().map_or("/", |here| here.as_str()).to_owned();
        Self {
            locale: Locale::of(headers),
            offset: readers.offset,
            hijri: readers.hijri,
            now: readers.clock.now(),
            here,
            user: None,
        }
    }

    /// Whether whoever looks at it may do this.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.user.as_ref().is_some_and(|user| user.role.allows(scope))
    }

    /// Whoever looks at it, as the audit log names them.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.user.as_ref().map_or(Actor::Nobody, Actor::from)
    }

    /// A message.
    #[must_use]
    pub fn t(&self, id: &str) -> String {
        messages::message(self.locale, id, &[])
    }

    /// A message about a number, `$n`.
    #[must_use]
    pub fn n(&self, id: &str, number: &u64) -> String {
        messages::message(self.locale, id, &[("n", (*number).into())])
    }

    /// A message about a text, `$it`.
    #[must_use]
    pub fn about(&self, id: &str, text: &str) -> String {
        messages::message(self.locale, id, &[("it", FluentValue::from(text))])
    }

    /// A message about two numbers, `$n` and `$m`.
    #[must_use]
    pub fn two(&self, id: &str, number: &u64, other: &u64) -> String {
        messages::message(self.locale, id, &[("n", (*number).into()), ("m", (*other).into())])
    }

    /// A message about two texts, `$it` and `$other`.
    #[must_use]
    pub fn two_texts(&self, id: &str, text: &str, other: &str) -> String {
        messages::message(self.locale, id, &[("it", text.into()), ("other", other.into())])
    }

    /// A theme's title in the reader's language, else in any that it has.
    #[must_use]
    pub fn theme_title(&self, theme: &Theme) -> String {
        self.title_of(&theme.titles)
    }

    /// The title in the reader's language, else in any that there is; a dash if there is none.
    #[must_use]
    pub fn title_of(&self, titles: &BTreeMap<Language, String>) -> String {
        self.title(titles).unwrap_or_else(|| "—".to_owned())
    }

    /// The name of the persona of this id, if it is one of these.
    #[must_use]
    pub fn persona_name(&self, personas: &[Persona], id: Uuid) -> Option<String> {
        let persona = personas.iter().find(|persona| persona.id == id)?;
        Some(visible(persona.card.name(&self.locale.language())))
    }

    /// The title in the reader's language, else any.
    #[must_use]
    pub fn title(&self, titles: &BTreeMap<Language, String>) -> Option<String> {
        titles.get(&self.locale.language()).or_else(|| titles.values().next()).map(|title| visible(title))
    }

    /// A language's name; others than those of the pages by their code.
    #[must_use]
    pub fn language(&self, code: &str) -> String {
        messages::find(self.locale, &format!("language-{code}"), &[]).unwrap_or_else(|| code.to_owned())
    }

    /// A message if there is one, else `plain` as it is.
    #[must_use]
    pub fn either(&self, id: &str, plain: &str) -> String {
        messages::find(self.locale, &id.replace('_', "-"), &[]).unwrap_or_else(|| visible(plain))
    }

    /// A queue's name: those of a general company in the reader's language, the team's own as they are.
    #[must_use]
    pub fn queue(&self, name: &str) -> String {
        messages::find(self.locale, &format!("queue-{}", name.replace('_', "-")), &[]).unwrap_or_else(|| visible(name))
    }

    /// The message of one of a closed list of names: `priority-P1`, `sentiment-mixed`.
    #[must_use]
    pub fn name(&self, kind: &str, name: &str) -> String {
        messages::message(self.locale, &format!("{kind}-{}", name.replace('_', "-")), &[])
    }

    /// A number.
    #[must_use]
    pub fn number(&self, number: &u64) -> String {
        format::number(self.locale, *number as f64)
    }

    /// A number without a fraction.
    #[must_use]
    pub fn whole(&self, number: f64) -> String {
        format::number(self.locale, number.round())
    }

    /// A number with one digit behind the point.
    #[must_use]
    pub fn decimal(&self, number: f64) -> String {
        format::decimal(self.locale, number)
    }

    /// A difference with its sign.
    #[must_use]
    pub fn signed(&self, number: f64) -> String {
        format::signed(self.locale, number)
    }

    /// A share of 0 to 1 in percent, without fractions.
    #[must_use]
    pub fn percent(&self, share: &f64) -> String {
        messages::message(self.locale, "percent", &[("n", (share * 100.0).round().into())])
    }

    /// A day: 5 Nov.
    #[must_use]
    pub fn day(&self, time: &DateTime<Utc>) -> String {
        format::day(self.locale, time.with_timezone(&self.offset))
    }

    /// A day with its year; beside it, if the settings say so, the same in the Hijri calendar.
    #[must_use]
    pub fn date(&self, time: &DateTime<Utc>) -> String {
        let local = time.with_timezone(&self.offset);
        let date = format::date(self.locale, local);
        match format::hijri(self.locale, local).filter(|_| self.hijri) {
            Some(hijri) => self.two_texts("date-both", &date, &hijri),
            None => date,
        }
    }

    /// A day and a time.
    #[must_use]
    pub fn moment(&self, time: &DateTime<Utc>) -> String {
        format::moment(self.locale, time.with_timezone(&self.offset))
    }

    /// A day as fields of forms hold it.
    #[must_use]
    pub fn local_date(&self, time: &DateTime<Utc>) -> String {
        time.with_timezone(&self.offset).format("%Y-%m-%d").to_string()
    }

    /// A time for machines.
    #[must_use]
    pub fn machine(&self, time: &DateTime<Utc>) -> String {
        time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// How long it is until a time that something is due, or since.
    #[must_use]
    pub fn due(&self, time: &DateTime<Utc>) -> String {
        let left = *time - self.now;
        let (amount, unit) = coarse(left.abs());
        let direction = if left < TimeDelta::zero() { "late" } else { "due" };
        messages::message(self.locale, &format!("{direction}-{unit}"), &[("n", amount.into())])
    }

    /// How long so many minutes are, in the unit that people use.
    #[must_use]
    pub fn span(&self, minutes: u32) -> String {
        let (amount, unit) = coarse(TimeDelta::minutes(i64::from(minutes)));
        messages::message(self.locale, &format!("span-{unit}"), &[("n", amount.into())])
    }

    /// Whether a time has passed.
    #[must_use]
    pub fn is_past(&self, time: &DateTime<Utc>) -> bool {
        *time <= self.now
    }

    /// This address in the other language.
    #[must_use]
    pub fn in_other_language(&self) -> String {
        let joint = if self.here.contains('?') { '&' } else { '?' };
        format!("{}{joint}lang={}", self.here, self.locale.other())
    }

    /// Whether the page is at `path` or below.
    #[must_use]
    pub fn is_at(&self, path: &str) -> bool {
        let here = self.here.split('?').next().unwrap_or_default();
        here == path || (path != "/" && here.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
    }

    /// The parts of the site: address and message.
    #[must_use]
    pub const fn sections(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("/", "nav-overview"),
            ("/inbox", "nav-inbox"),
            ("/themes", "nav-themes"),
            ("/journeys", "nav-journeys"),
            ("/personas", "nav-personas"),
            ("/scores", "nav-scores"),
            ("/feedback", "nav-feedback"),
        ]
    }

    /// What else there is for this reader: address and message.
    #[must_use]
    pub fn tools(&self) -> Vec<(&'static str, &'static str)> {
        let import = self.may(Scope::FeedbackWrite).then_some(("/import", "nav-import"));
        import.into_iter().chain([("/settings", "nav-settings")]).collect()
    }

    /// A message about a number for each plural form, by its name, for the script to fill in.
    #[must_use]
    pub fn forms(&self, id: &str) -> Vec<(&'static str, String)> {
        let samples = [("one", 1), ("two", 2), ("few", 3), ("many", 11), ("other", 100)];
        samples.iter().map(|(form, sample)| (*form, self.n(id, sample))).collect()
    }

    /// Whether whoever looks at it may import files.
    #[must_use]
    pub fn may_import(&self) -> bool {
        self.may(Scope::FeedbackWrite)
    }

    /// Where the script is.
    #[must_use]
    pub fn script(&self) -> &'static str {
        &assets::SCRIPT.path
    }

    /// Where the stylesheet is.
    #[must_use]
    pub fn style(&self) -> &'static str {
        &assets::STYLE.path
    }

    /// Where the icon is.
    #[must_use]
    pub fn icon(&self) -> &'static str {
        &assets::ICON.path
    }
}

/// A duration in the unit that people would use: whole minutes below two hours, hours below two days, then days.
fn coarse(duration: TimeDelta) -> (i64, &'static str) {
    match duration.num_minutes() {
        minutes if minutes < 120 => (minutes, "minutes"),
        minutes if minutes < 48 * 60 => (minutes / 60, "hours"),
        minutes => (minutes / (24 * 60), "days"),
    }
}

impl FromRequestParts<Web> for Page {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers, &parts.uri, &Readers::from_ref(web)))
    }
}

#[cfg(test)]
impl Page {
    /// A page at `here`, as it is at a fixed time in Riyadh.
    pub(crate) fn sample(locale: Locale, here: &str) -> Self {
        let now = DateTime::from_timestamp(1_793_534_400, 0).expect("in range");
        let offset = FixedOffset::east_opt(3 * 3_600).expect("an offset");
        let user = User {
            id: uuid::Uuid::nil(),
            name: "sara@example.org".parse().expect("a name"),
            role: crate::access::Role::Admin,
            password: crate::access::PasswordHash::stored(String::new()),
            created_at: now,
        };
        Self { locale, offset, hijri: true, now, here: here.to_owned(), user: Some(user) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_language_keeps_the_address() {
        for (here, there) in [("/inbox", "/inbox?lang=ar"), ("/search?q=a%26b", "/search?q=a%26b&lang=ar")] {
            assert_eq!(Page::sample(Locale::English, here).in_other_language(), there);
        }
    }

    #[test]
    fn a_page_is_at_its_own_path_and_at_those_above_but_the_first() {
        let page = Page::sample(Locale::English, "/themes/7?x=/inbox");
        let at = ["/", "/themes", "/themes/7", "/theme", "/inbox"].map(|path| page.is_at(path));
        assert_eq!(at, [false, true, true, false, false]);
        assert!(Page::sample(Locale::English, "/?a=1").is_at("/"));
    }

    #[test]
    fn what_is_due_is_told_in_the_unit_that_people_use() {
        let page = Page::sample(Locale::English, "/");
        let plain = |minutes| page.due(&(page.now + TimeDelta::minutes(minutes))).replace(['\u{2068}', '\u{2069}'], "");
        let told = [14, 1, 119, 121, 3_000, -5, -180, -4_400].map(plain);
        let expected = [
            "in 14 minutes",
            "in 1 minute",
            "in 119 minutes",
            "in 2 hours",
            "in 2 days",
            "5 minutes late",
            "3 hours late",
            "3 days late",
        ];
        assert_eq!(told, expected);
    }
}
