//! What comes first, who takes it and by when: pure rules on what the models said.

pub mod ticket;
