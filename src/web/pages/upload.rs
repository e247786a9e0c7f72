//! Takes a file that is sent to the import page, piece by piece, into the place where files wait.

use std::time::Duration;

use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::import::{Imports, LISTED};
use super::page::Page;
use super::session::Visit;
use crate::access::Scope;
use crate::app::App;
use crate::error::Result;
use crate::pipeline::uploads::{self, Reception};
use crate::web::api::import::Idle;
use crate::web::problem::Problem;

/// How many bytes of a file that is too large are read before it is refused: a browser shows an answer only once it
/// has sent what it wanted to send.
const PATIENCE: u64 = 512 * 1024 * 1024;

/// The largest file, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct UploadRoom(pub u64);

/// Why a file was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It has nothing in it, or none was chosen.
    Empty,
    /// It has more bytes than this.
    TooLarge(u64),
    /// It broke off, or sent nothing for too long.
    BrokeOff,
}

/// Takes the file and leads to the page that shows what is in it.
///
/// # Errors
/// 403 if the role does not allow it, 429 if too many files wait, or those of the data folder and the database;
/// an empty, too large or broken file is told on the page itself.
pub async fn receive(
    State(app): State<App>,
    State(room): State<UploadRoom>,
    State(Idle(idle)): State<Idle>,
    visit: Visit,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    let page = visit.allowed(Scope::FeedbackWrite)?;
    let Ok(mut form) = form else { return refuse(&app, page, Refused::BrokeOff, room).await };
    loop {
        let next = tokio::time::timeout(idle, form.next_field()).await;
        match next {
            Ok(Ok(Some(field))) if field.name() == Some("file") => return take(&app, room, idle, page, field).await,
            Ok(Ok(Some(_))) => {}
            Ok(Ok(None)) => return refuse(&app, page, Refused::Empty, room).await,
            Ok(Err(_)) | Err(_) => return refuse(&app, page, Refused::BrokeOff, room).await,
        }
    }
}

async fn take(
    app: &App,
    room: UploadRoom,
    idle: Duration,
    page: Page,
    mut field: Field<'_>,
) -> Result<Response, Problem> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let mut reception = uploads::receive(app, room.0).await?;
    let taken = pour(&mut field, &mut reception, idle).await?;
    let refused = match taken {
        Ok(0) => Some(Refused::Empty),
        Ok(bytes) if bytes > room.0 => Some(Refused::TooLarge(room.0)),
        Ok(_) => None,
        Err(()) => Some(Refused::BrokeOff),
    };
    if let Some(refused) = refused {
        reception.give_up(app).await?;
        return refuse(app, page, refused, room).await;
    }
    let Some(user) = &page.user else { return Err(Problem::internal()) };
    let id = reception.finish(app, user, &name).await?;
    Ok(Redirect::to(&format!("/import/{id}")).into_response())
}

/// Writes the file down as it comes; how many bytes came, or nothing if it broke off.
async fn pour(field: &mut Field<'_>, reception: &mut Reception, idle: Duration) -> Result<Result<u64, ()>> {
    loop {
        let piece: Result<Option<_>, MultipartError> = match tokio::time::timeout(idle, field.chunk()).await {
            Ok(piece) => piece,
            Err(_) => return Ok(Err(())),
        };
        match piece {
            Ok(Some(piece)) => {
                reception.write(&piece).await?;
                if reception.bytes() > PATIENCE {
                    return Ok(Ok(reception.bytes()));
                }
            }
            Ok(None) => return Ok(Ok(reception.bytes())),
            Err(_) => return Ok(Err(())),
        }
    }
}

async fn refuse(app: &App, page: Page, refused: Refused, room: UploadRoom) -> Result<Response, Problem> {
    let status = match refused {
        Refused::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Refused::Empty => StatusCode::UNPROCESSABLE_ENTITY,
        Refused::BrokeOff => StatusCode::BAD_REQUEST,
    };
    let last = uploads::last_imports(app, LISTED).await?;
    Ok(super::with_status(status, super::show(&Imports::new(page, &last, room, Some(refused)))?))
}
