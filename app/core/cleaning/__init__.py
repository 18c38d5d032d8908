"""Files made clean: out of what people send, a new file with what it shows and nothing that tells who made it.

`isolation.clean(data, kind)` is the way in: it runs `child` in a process of its own, with bounded time and memory, so that
no file can harm, stop or fill the process that serves people. Nothing here knows the application.
"""
