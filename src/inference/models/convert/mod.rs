//! Turns a model's parts into a folder in the hub's layout.

mod e5s1;

use std::path::Path;

use super::{Converter, Error, Model};

/// Writes the three files of the model into `folder` from the files in `parts`.
pub(super) fn convert(model: &Model, parts: &Path, folder: &Path) -> Result<(), Error> {
    match model.converter {
        Converter::E5s1 => e5s1::convert(parts, folder),
    }
}
