//! Mail that came in, and what became of it.
