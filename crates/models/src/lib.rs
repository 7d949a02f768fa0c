//! Embedders and readers that run in this process, and the model files they need.
