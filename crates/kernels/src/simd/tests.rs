//! Each operation of each instruction set, against the same operation on single floats.

use super::*;

/// All operations on the first lanes of two vectors; one row of lanes for each.
struct Operations<'a>(&'a [f32], &'a [f32]);

impl Kernel for Operations<'_> {
    type Output = Vec<Vec<f32>>;

    #[inline(always)]
    fn run<S: Simd>(self, s: S) -> Self::Output {
        let (a, b) = (s.load(self.0), s.load(self.1));
        let results = [
            s.add(a, b),
            s.sub(a, b),
            s.mul(a, b),
            s.div(a, b),
            s.mul_add(a, b, s.splat(0.25)),
            s.max(a, b),
            s.round(a),
            s.exp2(s.round(a)),
            s.splat(s.sum(a)),
            s.splat(s.largest(a)),
        ];
        let mut rows = Vec::new();
        for v in results {
            let mut lanes = vec![0.0; S::LANES];
            s.store(v, &mut lanes);
            rows.push(lanes);
        }
        rows
    }
}

fn expected(a: &[f32], b: &[f32]) -> Vec<Vec<f32>> {
    let each = |f: &dyn Fn(f32, f32) -> f32| a.iter().zip(b).map(|(&x, &y)| f(x, y)).collect::<Vec<f32>>();
    let (sum, largest) = (a.iter().sum::<f32>(), a.iter().copied().fold(f32::MIN, f32::max));
    vec![
        each(&|x, y| x + y),
        each(&|x, y| x - y),
        each(&|x, y| x * y),
        each(&|x, y| x / y),
        each(&|x, y| x * y + 0.25),
        each(&f32::max),
        each(&|x, _| x.round_ties_even()),
        each(&|x, _| x.round_ties_even().exp2()),
        each(&|_, _| sum),
        each(&|_, _| largest),
    ]
}

#[test]
fn every_set_computes_what_single_floats_do() {
    let a: Vec<f32> = (0..MAX_LANES).map(|i| (i as f32 - 7.3) * 13.7).collect();
    let b: Vec<f32> = (0..MAX_LANES).map(|i| 9.5 - i as f32 * 1.25).collect();
    for isa in Isa::all_here() {
        let (a, b) = (&a[..isa.lanes()], &b[..isa.lanes()]);
        for (found, wanted) in isa.run(Operations(a, b)).iter().flatten().zip(expected(a, b).iter().flatten())
        {
            assert!((found - wanted).abs() <= wanted.abs() * 1e-6, "{isa:?}: {found} is not {wanted}");
        }
    }
}
