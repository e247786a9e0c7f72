//! What every page knows: its reader's language, clock and place, and how words, numbers and times look there.

use std::convert::Infallible;

use axum::extract::{FromRef as _, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use fluent_bundle::FluentValue;

use super::locale::Locale;
use super::text::visible;
use super::{assets, format, messages};
use crate::access::{Scope, User};
use crate::themes::Theme;
use crate::web::state::{Readers, Web};

/// What every page knows.
#[derive(Clone, Debug)]
pub struct Page {
    /// The reader's language.
    pub locale: Locale,
    /// Local time minus UTC.
    pub offset: FixedOffset,
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
        Self { locale: Locale::of(headers), offset: readers.offset, now: readers.clock.now(), here, user: None }
    }

    /// Whether whoever looks at it may do this.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.user.as_ref().is_some_and(|user| user.role.allows(scope))
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
        let own = theme.titles.get(&self.locale.language());
        visible(own.or_else(|| theme.titles.values().next()).map_or("—", String::as_str))
    }

    /// A language's name; others than those of the pages by their code.
    #[must_use]
    pub fn language(&self, code: &str) -> String {
        messages::find(self.locale, &format!("language-{code}"), &[]).unwrap_or_else(|| code.to_owned())
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

    /// A day with its year.
    #[must_use]
    pub fn date(&self, time: &DateTime<Utc>) -> String {
        format::date(self.locale, time.with_timezone(&self.offset))
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
        &[("/", "nav-overview"), ("/inbox", "nav-inbox"), ("/themes", "nav-themes"), ("/feedback", "nav-feedback")]
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
        Self { locale, offset, now, here: here.to_owned(), user: Some(user) }
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
