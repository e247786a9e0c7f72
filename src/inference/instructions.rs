//! Which vector instructions the forward pass uses.

#[cfg(target_arch = "x86_64")]
use pulp::x86::V3;
use pulp::{Arch, WithSimd};
use serde::{Deserialize, Serialize};

use super::Error;

/// The most that the forward pass may ask of the processor.
///
/// Every choice gives the same labels; less than [`Self::Auto`] is for finding out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Instructions {
    /// The best that it has.
    #[default]
    Auto,
    /// AVX2 and FMA, as x86-64 processors have had since 2013.
    Avx2,
    /// What every processor of the kind that the program was built for has.
    Portable,
}

/// Vector instructions that are there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vectors {
    arch: Arch,
    /// Whether more than these may be used where something else chooses for itself.
    pub(super) free: bool,
}

impl Instructions {
    /// Checks that the processor has them.
    pub(super) fn vectors(self) -> Result<Vectors, Error> {
        let arch = match self {
            Self::Auto => Some(Arch::new()),
            Self::Avx2 => avx2(),
            Self::Portable => Some(Arch::Scalar),
        };
        let free = self == Self::Auto;
        arch.map(|arch| Vectors { arch, free }).ok_or(Error::NoAvx2)
    }
}

impl Vectors {
    /// Runs code that the compiler, or the code itself, makes vector code of.
    #[inline(always)]
    pub(super) fn run<Work: WithSimd>(self, work: Work) -> Work::Output {
        self.arch.dispatch(work)
    }

    /// AVX2, if it is there and may be used.
    #[cfg(target_arch = "x86_64")]
    pub(super) fn avx2(self) -> Option<V3> {
        if matches!(self.arch, Arch::Scalar) { None } else { V3::try_new() }
    }
}

#[cfg(target_arch = "x86_64")]
fn avx2() -> Option<Arch> {
    V3::try_new().map(Arch::V3)
}

#[cfg(not(target_arch = "x86_64"))]
fn avx2() -> Option<Arch> {
    None
}
