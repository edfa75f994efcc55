//! A sequence of choices: drawn from a seed and recorded, or replayed.
//!
//! Everything random in a program is one of these numbers, and 0 always stands for the simplest. So a program is
//! made smaller by making its sequence smaller, without knowing the grammar; see [`super::shrink`].

/// Where choices come from.
#[derive(Debug)]
pub(super) struct Choices {
    replayed: Vec<u32>,
    /// `None`: what comes after the replayed choices is 0.
    random: Option<SplitMix>,
    made: Vec<u32>,
}

impl Choices {
    /// New choices: the same ones for the same seed, on every machine.
    pub(super) fn of_seed(seed: u64) -> Self {
        Self { replayed: Vec::new(), random: Some(SplitMix(seed)), made: Vec::new() }
    }

    /// The same choices again; when they end, every further one is the simplest.
    pub(super) fn replay(choices: &[u32]) -> Self {
        Self { replayed: choices.to_vec(), random: None, made: Vec::new() }
    }

    /// A number below `bound`, which is not 0.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        let choice = match (self.replayed.get(self.made.len()), &mut self.random) {
            (Some(&choice), _) => choice.min(bound - 1),
            (None, Some(random)) => random.below(bound),
            (None, None) => 0,
        };
        self.made.push(choice);
        choice
    }

    /// What was chosen, to be replayed.
    pub(super) fn into_made(self) -> Vec<u32> {
        self.made
    }
}

/// SplitMix64 by Steele, Lea and Flood: small, and good enough to wander through a grammar.
#[derive(Debug)]
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u32) -> u32 {
        // The upper half of a 64-bit product: Lemire's reduction, without a division.
        (((self.next() >> 32) * u64::from(bound)) >> 32) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replayed_choices_are_the_same_and_then_the_simplest() {
        let mut first = Choices::of_seed(7);
        let drawn: Vec<u32> = (1..50).map(|bound| first.below(bound)).collect();
        let mut again = Choices::replay(&first.into_made());
        assert_eq!((1..50).map(|bound| again.below(bound)).collect::<Vec<_>>(), drawn);
        assert_eq!(again.below(1000), 0);
    }

    #[test]
    fn a_choice_out_of_bounds_is_the_last_one() {
        assert_eq!(Choices::replay(&[9]).below(3), 2);
    }
}
