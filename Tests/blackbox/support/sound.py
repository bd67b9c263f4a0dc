"""Sound compared with sound."""

import math
import wave

import numpy

RATE = 16000


def recording(path):
    """The samples of a 16 kHz mono WAV file."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        return numpy.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)


def pcm(data):
    """The samples of raw 16-bit audio."""
    return numpy.frombuffer(data, "<i2").astype(float)


def lag(heard, said):
    """Where in `heard` `said` begins, in whole samples; negative when its beginning is missing."""
    size = 1 << (len(heard) + len(said)).bit_length()
    product = numpy.fft.rfft(heard, size) * numpy.conj(numpy.fft.rfft(said, size))
    at = int(numpy.argmax(numpy.fft.irfft(product, size)))
    return at - size if at > size // 2 else at


def shifted(samples, delay):
    """The same, later by a fraction of a sample."""
    spectrum = numpy.fft.rfft(samples)
    turns = numpy.arange(len(spectrum)) / len(samples)
    return numpy.fft.irfft(spectrum * numpy.exp(-2j * numpy.pi * turns * delay), len(samples))


def fraction(heard, said):
    """By which fraction of a sample `heard` is later than `said`: the slope of the phase between them."""
    cross = numpy.fft.rfft(heard) * numpy.conj(numpy.fft.rfft(said))
    turns = numpy.arange(len(cross)) / len(heard)
    weight = numpy.abs(cross)
    low = turns < 0.2
    loud = low & (weight > numpy.quantile(weight[low], 0.9))
    phase = numpy.angle(cross[loud])
    slope = numpy.sum(weight[loud] * phase * turns[loud]) / numpy.sum(weight[loud] * turns[loud] ** 2)
    return -slope / 2 / numpy.pi


def at_rate(samples, rate):
    """The same sound at 16 kHz, by its spectrum."""
    if rate == RATE:
        return samples
    samples = samples[: len(samples) - len(samples) % (rate // math.gcd(rate, RATE))]
    length = len(samples) * RATE // rate
    return numpy.fft.irfft(numpy.fft.rfft(samples)[: length // 2 + 1], length) * (length / len(samples))


def seconds_compared(heard, said, loud=100):
    """For each second in which something is said: (its number, delay in samples, gain, SNR in dB).

    Each second is looked for near where the whole lies: its delay stays what it is unless samples are missing, came
    twice, or were put in.
    """
    start = lag(heard, said)
    margin = RATE // 4
    found = []
    for second in range(len(said) // RATE):
        at = second * RATE
        wide = said[max(0, at - margin) : at + RATE + margin]
        if len(wide) < RATE + 2 * margin or numpy.std(wide[margin:-margin]) < loud:
            continue
        near = max(0, start + at - margin)
        whole = near + lag(heard[near : start + at + RATE + margin], wide[margin:-margin])
        a = heard[whole : whole + RATE] if whole >= 0 else []
        if len(a) < RATE:
            continue
        delay = fraction(a, wide[margin:-margin])
        b = shifted(wide, delay)[margin:-margin]
        gain = float(numpy.dot(a, b) / numpy.dot(b, b))
        noise = a - gain * b
        snr = 10 * numpy.log10(numpy.sum((gain * b) ** 2) / max(numpy.sum(noise**2), 1e-9))
        found.append((second, whole - start - at + float(delay), gain, float(snr)))
    return found
