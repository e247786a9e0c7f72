//! Asks a persona: a form, the answer with its citations, and the persona in a few sentences.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use super::locale::Locale;
use super::page::Page;
use super::session::Visit;
use super::text::visible;
use crate::access::Scope;
use crate::answers::{Kind, Tongue};
use crate::app::App;
use crate::personas::Persona;
use crate::pipeline::{self, Answer, MAX_QUESTION_CHARS};
use crate::privacy::RawText;
use crate::web::api::text;
use crate::web::extract::Path;
use crate::web::problem::Problem;

/// A persona that is asked.
#[derive(Debug, Template)]
#[template(path = "ask.html")]
pub struct AskPage {
    page: Page,
    id: Uuid,
    name: String,
    question: String,
    wrong: Option<String>,
    answer: Option<AnswerBox>,
    narrative: Option<AnswerBox>,
}

/// An answer as it is shown.
#[derive(Debug)]
struct AnswerBox {
    language: &'static str,
    direction: &'static str,
    told: bool,
    sentences: Vec<(String, Vec<usize>)>,
    lines: Vec<EvidenceLine>,
    model: Option<String>,
    dropped: u64,
    set_aside: u64,
    /// Keeps the anchors of two answers on one page apart.
    anchor: &'static str,
}

/// A line of evidence as it is shown.
#[derive(Debug)]
struct EvidenceLine {
    number: usize,
    text: String,
    quote: bool,
    records: Vec<(u64, Uuid)>,
}

/// A question, as it is sent.
#[derive(Debug, Deserialize)]
pub struct Question {
    question: String,
}

/// Shows the persona in a few sentences, and the form.
///
/// # Errors
/// 403 if the role does not allow reading, 404 if there is no such persona now, or those of the stores.
pub async fn form(State(app): State<App>, visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let persona = pipeline::persona(&app, id).await?.persona;
    let narrative = pipeline::narrate(&app, id, tongue(page.locale)).await?;
    super::show(&AskPage::new(page, &persona).with_narrative(&narrative))
}

/// Answers.
///
/// # Errors
/// 403 if the role does not allow reading, 404 if there is no such persona now, or those of the engine and the stores.
pub async fn answer(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<Uuid>,
    Form(sent): Form<Question>,
) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackRead)?;
    let persona = pipeline::persona(&app, id).await?.persona;
    let shown = AskPage::new(page, &persona).with_question(&sent.question);
    let question = match checked(&shown.page, sent.question) {
        Ok(question) => question,
        Err(wrong) => return super::show(&AskPage { wrong: Some(wrong), ..shown }),
    };
    let answer = pipeline::ask(&app, id, &question, None).await?;
    super::show(&shown.with_answer(&answer))
}

fn checked(page: &Page, question: String) -> Result<RawText, String> {
    if question.chars().nth(MAX_QUESTION_CHARS).is_some() {
        return Err(page.n("ask-too-long", &(MAX_QUESTION_CHARS as u64)));
    }
    text::parse(question).map_err(|_| page.t("ask-empty"))
}

fn tongue(locale: Locale) -> Tongue {
    match locale {
        Locale::Arabic => Tongue::Arabic,
        Locale::English => Tongue::English,
    }
}

impl AskPage {
    /// A page without a question yet.
    #[must_use]
    pub fn new(page: Page, persona: &Persona) -> Self {
        let name = visible(persona.card.name(&page.locale.language()));
        Self { id: persona.id, name, question: String::new(), wrong: None, answer: None, narrative: None, page }
    }

    fn with_question(self, question: &str) -> Self {
        Self { question: question.to_owned(), ..self }
    }

    fn with_answer(self, answer: &Answer) -> Self {
        Self { answer: Some(AnswerBox::new(answer, "a")), ..self }
    }

    fn with_narrative(self, narrative: &Answer) -> Self {
        Self { narrative: Some(AnswerBox::new(narrative, "n")), ..self }
    }
}

impl AnswerBox {
    fn new(answer: &Answer, anchor: &'static str) -> Self {
        let cited = |number: &usize| answer.sentences.iter().any(|sentence| sentence.citations.contains(number));
        let lines = (1..).zip(&answer.sheet.lines).filter(|(number, _)| cited(number));
        let line = |(number, line): (usize, &crate::answers::Line)| EvidenceLine {
            number,
            text: visible(&line.text),
            quote: line.kind == Kind::Quote,
            records: (1..).zip(line.records.iter().map(|record| record.id.0)).collect(),
        };
        let arabic = answer.tongue == Tongue::Arabic;
        Self {
            language: answer.tongue.name(),
            direction: if arabic { "rtl" } else { "ltr" },
            told: answer.told,
            sentences: answer
                .sentences
                .iter()
                .map(|sentence| (visible(&sentence.text), sentence.citations.clone()))
                .collect(),
            lines: lines.map(line).collect(),
            model: answer.model.as_ref().map(|model| visible(&model.name)),
            dropped: answer.dropped.values().map(|count| *count as u64).sum(),
            set_aside: answer.sheet.set_aside as u64,
            anchor,
        }
    }
}

#[cfg(test)]
impl AskPage {
    /// A page with an answer and a description on it.
    pub(super) fn sample(page: Page) -> Self {
        use crate::answers::{Counted, Line, Record, Sheet, extract};
        let record = Record {
            id: crate::feedback::FeedbackId(Uuid::from_u128(9)),
            text: crate::privacy::Text::stored("الطلب تأخر ساعتين <b>وما أحد رد</b>".to_owned()),
            language: crate::feedback::Language::arabic(),
            feeling: None,
            place: Vec::new(),
        };
        let tongue = tongue(page.locale);
        let counting = Line::counting(tongue, Kind::Pain, "التأخير", Counted::new(12, 80), vec![record.clone()]);
        let sheet = Sheet { tongue, lines: vec![counting, Line::quoting(record)], set_aside: 1 };
        let sentences = extract(&sheet, 4);
        let answer = Answer { told: true, sentences, sheet, ..Answer::untold(tongue, 0) };
        let shown = Self {
            id: Uuid::nil(),
            name: "من يكتبون عن التوصيل".to_owned(),
            question: "ليش زعلانين؟".to_owned(),
            wrong: Some(page.t("ask-empty")),
            answer: None,
            narrative: None,
            page,
        };
        shown.with_narrative(&answer).with_answer(&Answer::untold(tongue, 0))
    }
}
