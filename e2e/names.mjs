// A name server for the flows: texts (TXT records) at names that a test has put there, over UDP, on this machine.
import { createSocket } from "node:dgram";

/// The name that a question asks for, and where it ends.
function readName(question, from) {
  const labels = [];
  let at = from;
  while (question[at] !== 0) {
    labels.push(question.toString("latin1", at + 1, at + 1 + question[at]));
    at += question[at] + 1;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}

/// A record's text as it is sent: strings of at most 255 bytes.
function written(text) {
  const parts = [];
  for (let i = 0; i < text.length; i += 255) {
    const part = Buffer.from(text.slice(i, i + 255), "latin1");
    parts.push(Buffer.from([part.length]), part);
  }
  return Buffer.concat(parts);
}

export async function openNames() {
  const texts = new Map();
  const socket = createSocket("udp4");
  socket.on("message", (question, from) => {
    const { name, end } = readName(question, 12);
    const found = question.readUInt16BE(end) === 16 ? texts.get(name) ?? [] : [];
    const head = Buffer.alloc(12);
    question.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | (texts.has(name) ? 0 : 3), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(found.length, 6);
    const answers = found.map((text) => {
      const data = written(text);
      const record = Buffer.alloc(12);
      record.writeUInt16BE(0xc00c, 0);
      record.writeUInt16BE(16, 2);
      record.writeUInt16BE(1, 4);
      record.writeUInt32BE(60, 6);
      record.writeUInt16BE(data.length, 10);
      return Buffer.concat([record, data]);
    });
    socket.send(Buffer.concat([head, question.subarray(12, end + 4), ...answers]), from.port, from.address);
  });
  await new Promise((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    put: (name, ...of) => texts.set(name, of),
    close: () => socket.close(),
  };
}
