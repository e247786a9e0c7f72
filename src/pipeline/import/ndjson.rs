//! One JSON object a line.

use super::physical::{MAX_LINE_BYTES, Physical};
use crate::feedback::NewFeedback;
use crate::pipeline::record::{Defaults, Record};

/// What one line holds.
pub(super) fn read(line: &Physical, defaults: &Defaults) -> Result<NewFeedback, String> {
    let text = utf8(line)?;
    let json = text.trim_start_matches('\u{feff}');
    if json.trim_start().starts_with('[') {
        return Err("an array; write one object a line, without [ ] around them and commas between them".to_owned());
    }
    let record = Record::from_json(json).map_err(|fault| fault.to_string())?;
    record
        .into_feedback(defaults)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

fn utf8(line: &Physical) -> Result<&str, String> {
    let bytes = line.bytes.as_deref().ok_or_else(too_long)?;
    std::str::from_utf8(bytes)
        .map_err(|error| format!("not valid UTF-8 from byte {} on; save the file as UTF-8", error.valid_up_to() + 1))
}

/// Why a line that wasn't kept is refused.
pub(super) fn too_long() -> String {
    format!("longer than {} KiB", MAX_LINE_BYTES / 1024)
}
