"""What DFEW distinguishes."""

#: The seven basic emotions, in the order of the release's labels 1 to 7.
CLASSES = ('happy', 'sad', 'neutral', 'angry', 'surprise', 'disgust', 'fear')
