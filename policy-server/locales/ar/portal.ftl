# The portal's sentences. Names in braces are filled in by the server. Not yet reviewed by a speaker.
