// @ts-check
import { Server } from "node:http";

// Loaded before Next (lib/cli/prepare-start.ts), hence plain JavaScript. Next listens before it runs instrumentation.ts,
// which installs the guard: connections of that moment wait, so that no request is answered without it.

const { emit } = Server.prototype;
/** @type {(() => void)[]} */
const held = [];

/**
 * @this {Server}
 * @param {string} event
 * @param {...any} rest
 */
Server.prototype.emit = function (event, ...rest) {
  if (event !== "connection") return emit.apply(this, /** @type {any} */ ([event, ...rest]));
  const [socket] = rest;
  // A client that disconnects meanwhile.
  const ignore = () => {};
  socket.on("error", ignore);
  held.push(() => {
    socket.off("error", ignore);
    if (!socket.destroyed) this.emit("connection", socket);
  });
  return true;
};
Object.assign(globalThis, {
  /** Stops holding connections. @returns what lets those that were held go on. */
  batchJobsStopHolding() {
    Server.prototype.emit = emit;
    return () => {
      for (const release of held) release();
    };
  },
});
