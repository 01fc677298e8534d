"""Training from each source, at full width, on votes, and with TensorBoard."""

import cv2
import pytest
from small_config import C3D, small_config


def dfew_tree_of(video, root, clips=14):
    """A tree in DFEW's layout whose clips are pieces of a real video."""
    capture, frames = cv2.VideoCapture(str(video)), []
    while (read := capture.read())[0]:
        frames.append(cv2.resize(read[1][:, 140:500], (224, 224)))
    assert len(frames) == 72
    for number in range(1, clips + 1):
        piece = frames[number : number + 30]
        for folder, names, chosen in [
            ('clip_224x224', [f'{number:05d}_{i:05d}' for i in range(1, 31)], piece),
            ('clip_224x224_16f', [str(i) for i in range(1, 17)], piece[:16]),
        ]:
            place = root / 'Clip' / folder / f'{number:05d}'
            place.mkdir(parents=True)
            for name, frame in zip(names, chosen):
                cv2.imwrite(str(place / f'{name}.jpg'), frame)
        videos = root / 'Clip' / 'clip_224x224_avi'
        videos.mkdir(exist_ok=True)
        writer = cv2.VideoWriter(
            str(videos / f'{number:05d}.avi'),
            cv2.VideoWriter_fourcc(*'MJPG'),
            30,
            (224, 224),
        )
        for frame in piece:
            writer.write(frame)
        writer.release()
    for part, numbers in [('train', range(1, 8)), ('test', range(8, 15))]:
        lists = root / 'EmoLabel_DataSplit' / f'{part}(single-labeled)'
        lists.mkdir(parents=True)
        rows = [f'{number},{(number - 1) % 7 + 1}' for number in numbers]
        (lists / 'set_1.csv').write_text('\n'.join(['video_name,label', *rows, '']))
    return root


@pytest.mark.slow
def test_real_video_trains_from_each_source(real_face, tmp_path, run):
    root = dfew_tree_of(real_face, tmp_path / 'DFEW')
    for source in ('16f', 'frames', 'video'):
        config = small_config(tmp_path / 'configs', source, epochs=1)
        work = tmp_path / source
        done = run('mim', 'train', 'mmaction2', config, '--work-dir', work, root=root)
        assert f"source '{source}': 7 clips" in done.stdout + done.stderr
        assert (work / 'epoch_1.pth').is_file()


@pytest.mark.slow
def test_tensorboard_by_one_option(tmp_path, run, demo_root):
    pytest.importorskip('tensorboard')
    config = small_config(tmp_path / 'configs')
    run(
        'python', 'tools/train.py', config, '--work-dir', tmp_path, '--cfg-options',
        'visualizer.vis_backends.0.type=TensorboardVisBackend',
        'train_cfg.max_epochs=1', root=demo_root,
    )  # fmt: skip
    assert list(tmp_path.glob('*/vis_data/events.out.tfevents.*'))


@pytest.mark.slow
def test_full_c3d_shortened_by_options(tmp_path, run, demo_root):
    """The paper's own config: C3D at full width, on clips of 16 x 16 pixels."""
    pipeline = [
        f'{part}_dataloader.dataset.pipeline.1.scale=16,16'
        for part in ('train', 'val', 'test')
    ]
    options = ['--cfg-options', 'model.backbone.out_dim=512', *pipeline]
    options += ['train_dataloader.num_workers=1', 'val_dataloader.num_workers=1']
    options += ['test_dataloader.num_workers=1', 'train_cfg.max_epochs=1']
    run(
        'mim', 'train', 'mmaction2', C3D, '--work-dir', tmp_path, *options,
        root=demo_root,
    )  # fmt: skip
    done = run(
        'mim', 'test', 'mmaction2', C3D, '--checkpoint', tmp_path / 'epoch_1.pth',
        '--work-dir', tmp_path, *options, root=demo_root,
    )  # fmt: skip
    assert 'recall %' in done.stdout + done.stderr


@pytest.mark.slow
def test_training_on_votes(demo_root, tmp_path, run):
    """Training on votes, scores on the single label."""
    work = tmp_path / 'work'
    done = run(
        'mim', 'train', 'mmaction2', 'configs/demo/slim_c3d_votes_ecstfl.py',
        '--work-dir', work, '--cfg-options', 'train_cfg.max_epochs=1',
        'train_cfg.val_interval=1', root=demo_root,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert 'clips without a single label are used in training as well' in said
    assert 'acc/UAR' in said and 'loss_ecstfl' in said
    assert list(work.glob('best_acc_UAR_epoch_1.pth'))
