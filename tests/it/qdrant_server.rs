//! A stand-in for a Qdrant server: the calls that Sada makes, answered by `qdrant-edge`.
