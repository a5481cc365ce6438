"""The agenda of a B2B fair: who meets whom, when and at which table, with proofs; values in, values out."""
