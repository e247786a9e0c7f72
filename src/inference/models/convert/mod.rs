//! Turns a model's parts into the files that load.

mod e5s1;
mod parts;

use std::path::Path;

use super::{Converter, Error, Model};

/// Writes the files of the model into `folder` from the files in `parts`.
pub(super) fn convert(model: &Model, parts: &Path, folder: &Path) -> Result<(), Error> {
    match model.converter {
        Converter::E5s1 => e5s1::convert(parts, folder),
        Converter::Parts => parts::join(model, parts, folder),
    }
}
