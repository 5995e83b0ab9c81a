// Convolutions of images of one channel with eight filters, whose products oneDNN computes with half of each register.
#pragma once

/// y = Rect(x * W + b) of two images.
///
/// - pixels: [side, side, 2], the two images' in turn.
/// - corners: of each of `places` places, the number of the first pixel under the filter.
/// - weights: [f, f, 8, 2] and bias [8, 2], everything twice.
/// - first, second: [places, filters] of the two images; of every place `columns`, at most eight, are written.
void convolve(
    const float *pixels, long side, const int *corners, long places, const float *weights, const float *bias, long f,
    float *first, float *second, long filters, long columns);

/// dW += pixels times dz of some places of one image, one place after the other.
///
/// - pixels: [side, side], and 16 numbers behind them that may be read.
/// - dz: [places, filters], of which eight are read.
/// - sums: dW as [f, pairs of columns, 8, 2], rows and pairs rounded up to multiples of five.
void convolution_gradient(
    const float *pixels, long side, const int *corners, long places, const float *dz, long filters, long f,
    float *sums);
