"""Embeddings of a 2-D recogniser, with a stock head and with feature losses on it."""

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from dfew_mmaction.evaluation.functional import read_embeddings, read_predictions

CONFIG = """
_base_ = [
    '{repo}/configs/_base_/datasets/dfew_16f.py',
    '{repo}/configs/_base_/default_runtime.py',
]
model = dict(
    type='Recognizer2D',
    backbone=dict(type='ResNetTSM', depth=18, num_segments=16, pretrained2d=False),
    cls_head=dict(type='TSMHead', num_segments=16, num_classes=7, in_channels=512,
                  average_clips='prob'),
    data_preprocessor=dict(type='ActionDataPreprocessor', mean=[0], std=[255]),
)
test_pipeline = _base_.test_pipeline
test_pipeline[1]['scale'] = (32, 32)
test_pipeline[2]['input_format'] = 'NCHW'
test_dataloader = dict(num_workers=0, persistent_workers=False, batch_size=5,
                       dataset=dict(pipeline=test_pipeline))
test_evaluator = [dict(type='UARWARMetric'),
                  dict(type='DumpPredictions', out_file='{out}/scores.csv')]
test_cfg = dict(type='TestLoop')
custom_hooks = [dict(type='StrictCheckpointHook'),
                dict(type='DumpEmbeddingsHook', out_file='{out}/embeddings.npz')]
work_dir = '{out}'
experiment_name = '{out}'
"""
CENTER = [dict(type='CenterLoss', feat_dim=512)]


@pytest.fixture
def score(repo, tmp_path, demo_root, monkeypatch):
    """Test a config and give its network, embeddings and predictions."""
    monkeypatch.setenv('DFEW_ROOT', str(demo_root))

    def _score(name, checkpoint=None, **head):
        out = tmp_path / name
        out.mkdir()
        (out / 'config.py').write_text(CONFIG.format(repo=repo, out=out))
        config = Config.fromfile(out / 'config.py')
        for part in ('train_dataloader', 'val_dataloader', 'val_evaluator'):
            config.pop(part)
        stock = config.model.cls_head if head.get('type') != 'FeatureHead' else {}
        config.model.cls_head = {**stock, **head}
        config.load_from = checkpoint and str(checkpoint)
        torch.manual_seed(0)
        runner = Runner.from_cfg(config)
        runner.test()
        ids, labels, scores, _ = read_predictions(out / 'scores.csv')
        dumped = read_embeddings(out / 'embeddings.npz')
        assert dumped.video_ids.tolist() == ids.tolist()
        assert dumped.labels.tolist() == labels.tolist()
        return runner.model, torch.from_numpy(dumped.embeddings), torch.tensor(scores)

    return _score


def test_segments_are_averaged_and_a_stock_checkpoint_is_whole(score, tmp_path):
    stock, embeddings, scores = score('stock')
    assert embeddings.shape == (len(scores), 512)
    # Through the classifier, one embedding a video gives the video's score.
    expected = stock.cls_head.fc_cls.cpu()(embeddings).softmax(dim=1)
    torch.testing.assert_close(expected.double(), scores.double(), atol=1e-5, rtol=0)
    torch.save(dict(state_dict=stock.state_dict()), tmp_path / 'stock.pth')
    ours, again, same = score(
        'ours', tmp_path / 'stock.pth',
        type='FeatureLossHead', head='TSMHead', feature_losses=CENTER,
    )  # fmt: skip
    assert type(ours.cls_head).__name__ == 'FeatureLossTSMHead'
    torch.testing.assert_close(again, embeddings)
    torch.testing.assert_close(same, scores)


def test_a_head_without_a_classifier_is_refused(score):
    with pytest.raises(ValueError, match='FeatureHead has no classifier'):
        score('none', type='FeatureHead', backbone_name='tsm', num_segments=16)
