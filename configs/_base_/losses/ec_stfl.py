# EC-STFL in the configs of all sets. λ = 10 is the paper's; the form is that of the
# authors' later code; max_share, a bound on its gradient relative to that of
# cross-entropy, is this project's. docs/ec_stfl.md gives the reasons and the evidence.
# Equation 9 verbatim: --cfg-options model.cls_head.feature_losses.0.variant=paper
# model.cls_head.feature_losses.0.max_share=None
feature_losses = [
    dict(type='ECSTFLLoss', variant='released', loss_weight=10.0, max_share=0.5)
]
