//! What does one block of the encoder compute? Attention, then two linear layers; each added to its input and normalised.

use pllm_core::Result;
use pllm_kernels::{Matrix, Rows, RowsMut, Write, gelu, layer_norm};

use super::attention::attend;
use super::batch::TokenBatch;
use super::config::BertConfig;
use super::tensors::Tensors;

/// Rows that go through the linear layers together: their activations stay in a core's own cache.
const BLOCK_ROWS: usize = 96;

/// Weight and bias of a layer normalisation.
#[derive(Debug)]
pub(super) struct Norm {
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
    pub(super) epsilon: f32,
}

impl Norm {
    pub(super) fn read(tensors: &Tensors, name: &str, config: &BertConfig) -> Result<Self> {
        Ok(Self {
            weight: tensors.read(&format!("{name}.weight"), &[config.hidden])?,
            bias: tensors.read(&format!("{name}.bias"), &[config.hidden])?,
            epsilon: config.epsilon,
        })
    }

    fn apply(&self, rows: &mut [f32]) {
        layer_norm(rows, &self.weight, &self.bias, self.epsilon);
    }
}

/// A linear layer: `x Wᵀ + b`.
#[derive(Debug)]
struct Linear {
    matrix: Matrix,
    bias: Vec<f32>,
}

impl Linear {
    /// Reads the layers `names`, each `[outputs][inputs]`, as one layer with their outputs side by side.
    fn read(tensors: &Tensors, names: &[String], outputs: usize, inputs: usize) -> Result<Self> {
        let (mut weights, mut bias) = (Vec::new(), Vec::new());
        for name in names {
            weights.extend(tensors.read(&format!("{name}.weight"), &[outputs, inputs])?);
            bias.extend(tensors.read(&format!("{name}.bias"), &[outputs])?);
        }
        Ok(Self { matrix: Matrix::from_outputs(Rows::contiguous(&weights, inputs)), bias })
    }

    fn outputs(&self) -> usize {
        self.matrix.columns()
    }

    /// Both `x` and `out` hold whole rows without gaps.
    fn apply(&self, x: &[f32], out: &mut [f32], write: Write) {
        let x = Rows::contiguous(x, self.matrix.depth());
        self.matrix.multiply(x, Some(&self.bias), RowsMut::contiguous(out, self.matrix.columns()), write);
    }
}

/// The weights of one block.
#[derive(Debug)]
pub(super) struct Layer {
    /// Query, key and value, side by side.
    projection: Linear,
    attention_out: Linear,
    attention_norm: Norm,
    up: Linear,
    down: Linear,
    output_norm: Norm,
    hidden: usize,
    head_width: usize,
}

impl Layer {
    pub(super) fn read(tensors: &Tensors, config: &BertConfig, index: usize) -> Result<Self> {
        let (hidden, intermediate) = (config.hidden, config.intermediate);
        let name = |part: &str| format!("encoder.layer.{index}.{part}");
        let projections = ["query", "key", "value"].map(|part| name(&format!("attention.self.{part}")));
        Ok(Self {
            projection: Linear::read(tensors, &projections, hidden, hidden)?,
            attention_out: Linear::read(tensors, &[name("attention.output.dense")], hidden, hidden)?,
            attention_norm: Norm::read(tensors, &name("attention.output.LayerNorm"), config)?,
            up: Linear::read(tensors, &[name("intermediate.dense")], intermediate, hidden)?,
            down: Linear::read(tensors, &[name("output.dense")], hidden, intermediate)?,
            output_norm: Norm::read(tensors, &name("output.LayerNorm"), config)?,
            hidden,
            head_width: config.head_width(),
        })
    }

    /// Replaces `x`, `[tokens][hidden]`, by the output of this block.
    pub(super) fn apply(&self, batch: &TokenBatch, x: &mut [f32], workspace: &mut Workspace) {
        let Workspace { projected, context, wide } = workspace;
        let width = self.projection.outputs();
        projected.resize(batch.tokens().len() * width, 0.0);
        let blocks = projected.chunks_mut(BLOCK_ROWS * width);
        for (x, projected) in x.chunks(BLOCK_ROWS * self.hidden).zip(blocks) {
            self.projection.apply(x, projected, Write::Replace);
        }
        context.resize(x.len(), 0.0);
        for text in batch.texts() {
            let projected = &projected[text.start * width..text.end * width];
            let context = &mut context[text.start * self.hidden..text.end * self.hidden];
            attend(projected, context, self.hidden, self.head_width);
        }
        let blocks = context.chunks(BLOCK_ROWS * self.hidden);
        for (x, context) in x.chunks_mut(BLOCK_ROWS * self.hidden).zip(blocks) {
            self.finish_block(x, context, wide);
        }
    }

    /// What comes after attention, for a few rows.
    fn finish_block(&self, x: &mut [f32], context: &[f32], wide: &mut Vec<f32>) {
        self.attention_out.apply(context, x, Write::Add);
        self.attention_norm.apply(x);
        wide.resize(x.len() / self.hidden * self.up.outputs(), 0.0);
        self.up.apply(x, wide, Write::Replace);
        gelu(wide);
        self.down.apply(wide, x, Write::Add);
        self.output_norm.apply(x);
    }
}

/// Memory that the blocks of one forward pass use one after the other.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    /// `[tokens][3 * hidden]`
    projected: Vec<f32>,
    /// `[tokens][hidden]`
    context: Vec<f32>,
    /// `[block rows][intermediate]`
    wide: Vec<f32>,
}
