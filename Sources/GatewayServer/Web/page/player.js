// Recordings as a source: decoded, heard, and given to the client as a stream.

export class Player {
  #context;
  #node;

  /** Decodes a file of any kind that the browser knows. */
  static async open(bytes, finished) {
    const player = new Player();
    player.#context = new AudioContext();
    try {
      const buffer = await player.#context.decodeAudioData(bytes);
      const destination = player.#context.createMediaStreamDestination();
      player.#node = new AudioBufferSourceNode(player.#context, { buffer });
      player.#node.connect(destination);
      player.#node.connect(player.#context.destination);
      player.#node.onended = finished;
      player.stream = destination.stream;
      player.seconds = buffer.duration;
    } catch (error) {
      player.close();
      throw error;
    }
    return player;
  }

  async play() {
    await this.#context.resume();
    this.#node.start();
  }

  close() {
    if (this.#node) this.#node.onended = null;
    if (this.#context.state !== "closed") this.#context.close();
  }
}
