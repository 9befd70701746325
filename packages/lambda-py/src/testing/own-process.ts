// A worker of Jest has a channel to Jest. `process` is a copy in specs, and the methods of its channel throw: they need the
// original. So specs have none, as where Jest has no workers.
delete process.channel;
