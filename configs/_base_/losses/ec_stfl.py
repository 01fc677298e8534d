# EC-STFL in the configs of all sets. λ = 10 is the paper's; the form is that of the
# authors' later code; max_share, a bound on its gradient relative to that of
# cross-entropy, is this project's. docs/ec_stfl.md gives the reasons and the evidence.
# configs/dfew/equation9 has equation 9 verbatim.
feature_losses = [
    dict(type='ECSTFLLoss', variant='released', loss_weight=10.0, max_share=0.5)
]
