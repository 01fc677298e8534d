# All aligned frames of the release (`clip_224x224`, 11 to 847 per clip). 16 are
# sampled: a random one of each of 16 equal segments, the middle ones in testing.
# Scores differ from those on the 16-frame clips: report the variant with them.
_base_ = './dfew_16f.py'
source = 'frames'
train_dataloader = dict(dataset=dict(source=source))
val_dataloader = dict(dataset=dict(source=source))
test_dataloader = val_dataloader
