//! Reads tensors out of a safetensors file, some at once and one row by row, or out of bytes in memory.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use half::slice::{HalfBitsSliceExt, HalfFloatSliceExt};
use half::{bf16, f16};
use safetensors::Dtype;
use safetensors::tensor::{Metadata, TensorInfo};

use crate::inference::models::Error;

/// What some exports put before every name.
const PREFIXES: [&str; 3] = ["", "bert.", "roberta."];

/// A name that every encoder has.
const LANDMARK: &str = "embeddings.word_embeddings.weight";

/// A safetensors file begins with its header's length in so many bytes.
const LENGTH_BYTES: u64 = 8;

/// What the format allows for a header.
const LONGEST_HEADER: u64 = 100_000_000;

/// An open safetensors file whose header is read and whose length is right.
pub(super) struct Weights {
    path: PathBuf,
    place: Arc<Place>,
    data_start: u64,
    metadata: Metadata,
    prefix: &'static str,
}

/// Where the bytes lie.
enum Place {
    File(File),
    Memory(Cow<'static, [u8]>),
}

/// A matrix that stays on disk; the system's page cache keeps the rows that are used.
pub(super) struct Table {
    place: Arc<Place>,
    start: u64,
    dtype: Dtype,
    rows: usize,
    columns: usize,
}

impl Weights {
    /// Opens the file and reads its header.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let failed = |error| Error::io("read", path, error);
        let mut file = File::open(path).map_err(failed)?;
        let found_bytes = file.metadata().map_err(failed)?.len();
        let header = read_header(&mut file).map_err(failed)?;
        let mut weights = Self::new(path, Place::File(file), header, found_bytes)?;
        let has = |prefix: &&str| weights.metadata.info(&format!("{prefix}{LANDMARK}")).is_some();
        let missing = || Error::Invalid { path: path.to_owned(), reason: format!("it has no tensor {LANDMARK}") };
        weights.prefix = PREFIXES.into_iter().find(has).ok_or_else(missing)?;
        Ok(weights)
    }

    /// Reads the header of a file's contents; `name` stands for its path in errors.
    pub(super) fn in_memory(name: &str, bytes: Cow<'static, [u8]>) -> Result<Self, Error> {
        let path = Path::new(name);
        let header = read_header(&mut bytes.as_ref()).map_err(|error| Error::io("read", path, error))?;
        let found_bytes = bytes.len() as u64;
        Self::new(path, Place::Memory(bytes), header, found_bytes)
    }

    fn new(path: &Path, place: Place, header: Option<Vec<u8>>, found_bytes: u64) -> Result<Self, Error> {
        let invalid = |reason: String| Error::Invalid { path: path.to_owned(), reason };
        let header = header.ok_or_else(|| invalid("it does not begin with a safetensors header".to_owned()))?;
        let metadata: Metadata = serde_json::from_slice(&header).map_err(|error| invalid(error.to_string()))?;
        let data_start = LENGTH_BYTES + header.len() as u64;
        let expected_bytes = data_start + metadata.data_len() as u64;
        if found_bytes != expected_bytes {
            return Err(Error::HalfFile { path: path.to_owned(), expected_bytes, found_bytes });
        }
        Ok(Self { path: path.to_owned(), place: Arc::new(place), data_start, metadata, prefix: "" })
    }

    /// Whether there is a tensor of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.metadata.info(&format!("{}{name}", self.prefix)).is_some()
    }

    /// A whole tensor of that shape, as single precision.
    pub(super) fn tensor(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let info = self.info(name, shape)?;
        let mut bytes = vec![0; info.data_offsets.1 - info.data_offsets.0];
        let start = self.data_start + info.data_offsets.0 as u64;
        self.place.read_at(&mut bytes, start).map_err(|error| Error::io("read", &self.path, error))?;
        let mut values = vec![0.0; shape.iter().product()];
        widen(info.dtype, &bytes, &mut values);
        Ok(values)
    }

    /// A matrix that is read by rows.
    pub(super) fn table(&self, name: &str, rows: usize, columns: usize) -> Result<Table, Error> {
        let info = self.info(name, &[rows, columns])?;
        let start = self.data_start + info.data_offsets.0 as u64;
        Ok(Table { place: Arc::clone(&self.place), start, dtype: info.dtype, rows, columns })
    }

    /// The file is not what it should be.
    pub(super) fn invalid(&self, reason: String) -> Error {
        Error::Invalid { path: self.path.clone(), reason }
    }

    fn info(&self, name: &str, shape: &[usize]) -> Result<&TensorInfo, Error> {
        let invalid = |reason| self.invalid(reason);
        let full = format!("{}{name}", self.prefix);
        // BERT's first exports call a layer norm's parts gamma and beta
        let old = full.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
        let info = self.metadata.info(&full).or_else(|| self.metadata.info(&old));
        let info = info.ok_or_else(|| invalid(format!("it has no tensor {full}")))?;
        if info.shape != shape {
            return Err(invalid(format!("{full} has the shape {:?} and config.json asks for {shape:?}", info.shape)));
        }
        let Some(width) = width(info.dtype) else {
            return Err(invalid(format!("{full} is stored as {:?}; only F32, F16 and BF16 are read", info.dtype)));
        };
        if info.data_offsets.0 + shape.iter().product::<usize>() * width != info.data_offsets.1 {
            return Err(invalid(format!("the place of {full} does not have its size")));
        }
        Ok(info)
    }
}

impl Table {
    /// Writes row `row` into `out`, which has one place a column.
    pub(super) fn read_row(&self, row: usize, out: &mut [f32]) -> io::Result<()> {
        if row >= self.rows {
            let reason = format!("token {row} of a table of {}", self.rows);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
        }
        let row_bytes = self.columns * width(self.dtype).unwrap_or(size_of::<f32>());
        let mut bytes = vec![0; row_bytes];
        self.place.read_at(&mut bytes, self.start + (row * row_bytes) as u64)?;
        widen(self.dtype, &bytes, out);
        Ok(())
    }
}

impl Place {
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        match self {
            Self::File(file) => read_at(file, bytes, offset),
            Self::Memory(memory) => {
                let start = usize::try_from(offset).map_err(io::Error::other)?;
                let found = memory.get(start..start + bytes.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
                bytes.copy_from_slice(found);
                Ok(())
            }
        }
    }
}

/// The JSON that a safetensors file begins with; none when the file is too short to hold what it announces.
fn read_header(file: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = Vec::new();
    file.by_ref().take(LENGTH_BYTES).read_to_end(&mut length)?;
    let Ok(length) = length.as_slice().try_into().map(u64::from_le_bytes) else { return Ok(None) };
    if length > LONGEST_HEADER {
        return Ok(None);
    }
    let mut header = Vec::new();
    let read = file.by_ref().take(length).read_to_end(&mut header)?;
    Ok((read as u64 == length).then_some(header))
}

/// Bytes a value takes, for the types that are read.
fn width(dtype: Dtype) -> Option<usize> {
    match dtype {
        Dtype::F32 => Some(4),
        Dtype::F16 | Dtype::BF16 => Some(2),
        _ => None,
    }
}

fn widen(dtype: Dtype, bytes: &[u8], out: &mut [f32]) {
    if dtype == Dtype::F32 {
        let values = bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
        out.iter_mut().zip(values).for_each(|(out, value)| *out = value);
        return;
    }
    let bits: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|bytes| u16::from_le_bytes(*bytes)).collect();
    match dtype {
        Dtype::F16 => bits.reinterpret_cast::<f16>().convert_to_f32_slice(out),
        _ => bits.reinterpret_cast::<bf16>().convert_to_f32_slice(out),
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, offset)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[read..];
        offset += read as u64;
    }
    Ok(())
}
