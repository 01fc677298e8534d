# MC3-18 (Tran et al., CVPR 2018), from scratch: torchvision's `mc3_18`. The stem and the
# first stage convolve over time, the other stages over space only; no stage shortens time.
_base_ = './r3d18.py'
model = dict(
    backbone=dict(temporal_strides=(1, 1, 1, 1), inflate=(1, 0, 0, 0)),
)
