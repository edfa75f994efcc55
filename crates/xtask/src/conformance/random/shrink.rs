//! Makes a failing program smaller by making its choices smaller. Knows nothing of the grammar.

/// Candidates that are tried at once.
const BATCH: usize = 24;

/// Rounds of candidates, at most.
const ROUNDS: usize = 1500;

/// The smallest sequence found for which `fails` still holds. Smaller means shorter, then lower from the left.
/// `fails` answers for many candidates at once with the normal form of each that fails, `None` for the others.
pub(super) fn shrink(start: Vec<u32>, mut fails: impl FnMut(&[Vec<u32>]) -> Vec<Option<Vec<u32>>>) -> Vec<u32> {
    let mut best = start;
    let mut rounds = 0;
    loop {
        let before = best.clone();
        for step in [cut, delete, zero, lower, shorten] {
            let mut at = 0;
            // A step's candidates follow one another through the sequence; after a success they go on from there.
            loop {
                let candidates = step(&best, &mut at);
                if candidates.is_empty() || rounds == ROUNDS {
                    break;
                }
                rounds += 1;
                let found = fails(&candidates)
                    .into_iter()
                    .flatten()
                    .filter(|found| is_smaller(found, &best))
                    .min_by(|left, right| (left.len(), left).cmp(&(right.len(), right)));
                if let Some(found) = found {
                    best = found;
                    at = at.saturating_sub(BATCH);
                }
            }
        }
        if best == before || rounds == ROUNDS {
            return best;
        }
    }
}

fn is_smaller(candidate: &[u32], than: &[u32]) -> bool {
    (candidate.len(), candidate) < (than.len(), than)
}

/// The end cut off, much of it first.
fn cut(choices: &[u32], at: &mut usize) -> Vec<Vec<u32>> {
    let step = choices.len().div_ceil(8 * BATCH).max(1);
    let candidates = (0..choices.len()).step_by(step).skip(*at).take(BATCH).map(|end| choices[..end].to_vec());
    advance(candidates.collect(), at)
}

/// Chunks taken out, large ones first: `at` counts chunks over all sizes.
fn delete(choices: &[u32], at: &mut usize) -> Vec<Vec<u32>> {
    let candidates = chunks(choices.len()).skip(*at).take(BATCH).map(|(start, end)| {
        let mut candidate = choices[..start].to_vec();
        candidate.extend_from_slice(&choices[end..]);
        candidate
    });
    advance(candidates.collect(), at)
}

/// Chunks made 0.
fn zero(choices: &[u32], at: &mut usize) -> Vec<Vec<u32>> {
    let candidates = chunks(choices.len()).skip(*at).take(BATCH).map(|(start, end)| {
        let mut candidate = choices.to_vec();
        candidate[start..end].fill(0);
        candidate
    });
    advance(candidates.collect(), at)
}

/// Single choices halved or made one less.
fn lower(choices: &[u32], at: &mut usize) -> Vec<Vec<u32>> {
    let candidates = (*at..2 * choices.len()).take(BATCH).map(|at| {
        let mut candidate = choices.to_vec();
        let choice = &mut candidate[at / 2];
        *choice = if at % 2 == 0 { *choice / 2 } else { choice.saturating_sub(1) };
        candidate
    });
    advance(candidates.collect(), at)
}

/// Single choices made one less and something behind them taken out: a list of fewer items, for one.
fn shorten(choices: &[u32], at: &mut usize) -> Vec<Vec<u32>> {
    const TAKEN: [usize; 8] = [1, 2, 3, 4, 5, 6, 8, 12];
    let candidates = (*at..TAKEN.len() * choices.len()).take(BATCH).map(|at| {
        let (place, taken) = (at / TAKEN.len(), TAKEN[at % TAKEN.len()]);
        let mut candidate = choices.to_vec();
        candidate[place] = candidate[place].saturating_sub(1);
        candidate.drain(place + 1..(place + 1 + taken).min(choices.len()));
        candidate
    });
    advance(candidates.collect(), at)
}

fn advance(candidates: Vec<Vec<u32>>, at: &mut usize) -> Vec<Vec<u32>> {
    *at += candidates.len();
    candidates
}

/// All chunks of a sequence, from halves down to single choices.
fn chunks(length: usize) -> impl Iterator<Item = (usize, usize)> {
    let sizes = std::iter::successors(Some(length / 2), |size| Some(size / 2)).take_while(|size| *size > 0);
    sizes.flat_map(move |size| (0..length).step_by(size).map(move |start| (start, (start + size).min(length))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters_is_left() {
        // Fails if a 7 or more comes somewhere before a 3.
        let fails = |candidates: &[Vec<u32>]| {
            let fails = |choices: &Vec<u32>| {
                let seven = choices.iter().position(|choice| *choice >= 7)?;
                choices[seven..].contains(&3).then(|| choices.clone())
            };
            candidates.iter().map(fails).collect()
        };
        let start: Vec<u32> = (0..200).map(|at| (at * 37) % 11).collect();
        assert_eq!(shrink(start, fails), [7, 3]);
    }
}
