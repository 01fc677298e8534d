"""A z-buffer in NumPy."""

import numpy as np

# Triangles whose boxes have at most this side in pixels are filled together.
_SIDES = (1, 2, 3, 4, 6, 9, 14, 24, 48, 1024)


def rasterize(
    points: np.ndarray, depth: np.ndarray, triangles: np.ndarray, size: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the nearest triangle of each pixel.

    Args:
        points (np.ndarray): Vertices in the picture, (V, 2) float32, in pixels; the
            centre of the first pixel is at (0, 0).
        depth (np.ndarray): Distances of the vertices, (V,) float32.
        triangles (np.ndarray): Vertex numbers, (F, 3); both sides of triangles are
            drawn.
        size (tuple[int, int]): Height and width of the picture.

    Returns:
        tuple[np.ndarray, np.ndarray, np.ndarray]: For P covered pixels, their positions
        in the flattened picture (P,), rows of ``triangles`` (P,) and weights of the
        three corners (P, 3), float32.
    """
    height, width = size
    # Separate columns: NumPy is slow along axes of two or three.
    px, py = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    first, second, third = np.ascontiguousarray(triangles.T)
    ax, bx, cx = px[first], px[second], px[third]
    ay, by, cy = py[first], py[second], py[third]
    low_x, wide = _pixels(ax, bx, cx, width)
    low_y, tall = _pixels(ay, by, cy, height)
    ux, uy, vx, vy = bx - ax, by - ay, cx - ax, cy - ay
    area = ux * vy - uy * vx
    side = np.maximum(wide, tall)
    shown = (wide > 0) & (tall > 0) & (np.abs(area) > 1e-9)
    # Weights of the second and third corner are affine in the pixel.
    safe = 1 / np.where(shown, area, 1)
    bx, by, cx, cy = vy * safe, -vx * safe, -uy * safe, ux * safe
    za, zb, zc = depth[first], depth[second], depth[third]
    places, rows, all_b, all_c, depths = [], [], [], [], []
    smallest = 0
    for largest in _SIDES:
        chosen = np.flatnonzero(shown & (side > smallest) & (side <= largest))
        smallest = largest
        if not len(chosen):
            continue
        steps = np.arange(int(side[chosen].max()))
        x = low_x[chosen][:, None] + steps
        y = low_y[chosen][:, None] + steps
        dx, dy = x - ax[chosen][:, None], y - ay[chosen][:, None]
        wb = (by[chosen][:, None] * dy)[:, :, None] + (bx[chosen][:, None] * dx)[
            :, None
        ]
        wc = (cy[chosen][:, None] * dy)[:, :, None] + (cx[chosen][:, None] * dx)[
            :, None
        ]
        inside = (wb >= -1e-5) & (wc >= -1e-5) & (wb + wc <= 1.00001)
        inside &= (x < width)[:, None] & (y < height)[:, :, None]
        hit = np.flatnonzero(inside)
        which, within = np.divmod(hit, len(steps) ** 2)
        iy, ix = np.divmod(within, len(steps))
        row = chosen[which]
        wb, wc = wb.ravel()[hit], wc.ravel()[hit]
        places.append((low_y[row] + iy) * width + low_x[row] + ix)
        rows.append(row)
        all_b.append(wb)
        all_c.append(wc)
        depths.append(za[row] * (1 - wb - wc) + zb[row] * wb + zc[row] * wc)
    if not places:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 3), 'f4')
    place, row = np.concatenate(places), np.concatenate(rows)
    wb, wc = np.concatenate(all_b), np.concatenate(all_c)
    order = np.argsort(-np.concatenate(depths), kind='stable')
    nearest = np.full(height * width, -1, np.int64)
    nearest[place[order]] = order  # the nearest is written last and kept
    covered = np.flatnonzero(nearest >= 0)
    found = nearest[covered]
    wb, wc = wb[found].astype(np.float32), wc[found].astype(np.float32)
    return covered, row[found], np.stack([1 - wb - wc, wb, wc], 1)


def _pixels(a: np.ndarray, b: np.ndarray, c: np.ndarray, limit: int):
    """First pixel along an axis that each triangle may cover, and their number."""
    low = np.ceil(np.minimum(np.minimum(a, b), c)).astype(np.int32)
    high = np.floor(np.maximum(np.maximum(a, b), c)).astype(np.int32)
    low, high = np.maximum(low, 0), np.minimum(high, limit - 1)
    return low, high - low + 1
