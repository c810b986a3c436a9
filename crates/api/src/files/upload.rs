//! A file on its way in: never whole in memory, written piece by piece, and looked at before the first piece is.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::web::{Bytes, BytesMut, Payload};
use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use rapport_domain::file::{FileError, clean_name, media_type};
use rapport_persistence::file_contents::{Arrived, PIECE, content_begin, content_discard, piece_insert};
use rapport_persistence::{Store, StoreError, Tx};

use super::dto::UploadParams;
use super::service::{Good, hex};
use super::tidy::PORTION;
use crate::extract::at_most;
use crate::problem::{Code, Problem};
use crate::state::App;

/// Characters of a name as it is sent, with what does not belong to it.
const MAX_TYPED: usize = 1000;
/// Characters of what it is said to be.
const MAX_TYPE: usize = 200;

/// A file that is being sent.
pub(super) struct Upload<'a> {
    app: &'a App,
    name: String,
    said: Option<String>,
    traces: Traces,
    begun: BytesMut,
    pieces: i32,
    size: usize,
    sum: Sha256,
    media_type: Option<&'static str>,
}

/// Pieces that have been written; they go unless they have become a content by the time this does.
struct Traces {
    store: Store,
    content: Uuid,
    is_written: bool,
}

impl Drop for Traces {
    fn drop(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if self.is_written {
            let (store, content) = (self.store.clone(), self.content);
            runtime.spawn(async move {
                let discard = move |tx: &mut Tx<'_>| content_discard(tx, content, PORTION);
                // What cannot be removed now, upkeep removes later.
                while let Ok(true) = store.write("discard_upload", discard).await {}
            });
        }
    }
}

impl<'a> Upload<'a> {
    /// A file is announced.
    ///
    /// # Errors
    /// 400 for what is said of it, 413 for its size, 415 for a body that is no plain bytes.
    pub(super) fn begin(app: &'a App, request: &HttpRequest, said: UploadParams) -> Result<Self, Problem> {
        at_most("name", &said.name, MAX_TYPED)?;
        at_most("type", said.kind.as_deref().unwrap_or_default(), MAX_TYPE)?;
        check_headers(request, app.config.files.max_bytes)?;
        let traces = Traces { store: app.store.clone(), content: app.ids.next(), is_written: false };
        Ok(Self {
            app,
            name: clean_name(&said.name),
            said: said.kind,
            traces,
            begun: BytesMut::new(),
            pieces: 0,
            size: 0,
            sum: Sha256::new(),
            media_type: None,
        })
    }

    /// Takes the body in. Its sender is not read faster than the store writes.
    ///
    /// # Errors
    /// 408 when it stops coming, 413, 422 when it is empty, a program, or not what it is said to be.
    pub(super) async fn receive(&mut self, mut payload: Payload) -> Result<Good, Problem> {
        let patience = Duration::from_secs(self.app.config.api.body_seconds);
        let late = |_| Problem::new(Code::Timeout).because("文件未能及时到达", "The file did not arrive in time");
        while let Some(chunk) = tokio::time::timeout(patience, payload.next()).await.map_err(late)? {
            let (zh, en) = ("文件传输中断", "The file was cut off");
            self.take(&chunk.map_err(|_| Problem::new(Code::ParameterInvalid).because(zh, en))?).await?;
        }
        self.finish().await
    }

    async fn take(&mut self, mut chunk: &[u8]) -> Result<(), Problem> {
        self.size += chunk.len();
        if self.size > self.app.config.files.max_bytes {
            return Err(too_large(self.app.config.files.max_bytes));
        }
        self.sum.update(chunk);
        while !chunk.is_empty() {
            let (now, later) = chunk.split_at(chunk.len().min(PIECE - self.begun.len()));
            self.begun.extend_from_slice(now);
            chunk = later;
            if self.begun.len() == PIECE {
                self.write().await?;
            }
        }
        Ok(())
    }

    /// Writes the piece that has been begun, once the first one has been found good.
    async fn write(&mut self) -> Result<(), Problem> {
        let piece: Bytes = self.begun.split().freeze();
        if self.media_type.is_none() {
            self.media_type = Some(media_type(&piece, &self.name, self.said.as_deref()).map_err(refused)?);
        }
        let (content, position, now) = (self.traces.content, self.pieces, self.app.now().into());
        self.pieces += 1;
        self.traces.is_written = true;
        let write = move |tx: &mut Tx<'_>| {
            if position == 0 {
                content_begin(tx, content, now)?;
            }
            piece_insert(tx, content, position, &piece)
        };
        self.app.store.write("upload_piece", write).await.map_err(|error| match error {
            StoreError::Reference => Problem::new(Code::Unavailable).retry_after(1),
            other => other.into(),
        })
    }

    async fn finish(&mut self) -> Result<Good, Problem> {
        if self.size == 0 {
            return Err(Problem::new(Code::FileEmpty));
        }
        if !self.begun.is_empty() {
            self.write().await?;
        }
        let sha256 = hex(&std::mem::take(&mut self.sum).finalize());
        let size = i64::try_from(self.size).map_err(Problem::internal)?;
        let media_type = self.media_type.unwrap_or(rapport_domain::file::UNKNOWN);
        let arrived = Arrived { id: self.traces.content, sha256, size };
        Ok(Good { name: self.name.clone(), media_type, arrived })
    }
}

/// Plain bytes, as they stand, and not more than there may be.
fn check_headers(request: &HttpRequest, max: usize) -> Result<(), Problem> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let is_plain = header(CONTENT_TYPE).is_some_and(|kind| kind.eq_ignore_ascii_case("application/octet-stream"));
    let is_packed = request.headers().contains_key(CONTENT_ENCODING) && header(CONTENT_ENCODING) != Some("identity");
    if !is_plain || is_packed {
        let problem = Problem::new(Code::UnsupportedMediaType).header("Accept", "application/octet-stream");
        return Err(problem.header("Accept-Encoding", "identity"));
    }
    match header(CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok()) {
        Some(length) if length > max => Err(too_large(max)),
        _ => Ok(()),
    }
}

fn too_large(max: usize) -> Problem {
    let mib = max / (1024 * 1024);
    Problem::new(Code::BodyTooLarge)
        .because(format!("文件最大 {mib} MiB"), format!("A file has at most {mib} MiB"))
        .with("max_bytes", max)
}

fn refused(error: FileError) -> Problem {
    match error {
        FileError::Program => Problem::new(Code::FileTypeRefused),
        FileError::Mismatch { is, .. } => Problem::new(Code::FileTypeMismatch).with("media_type", is),
    }
}
