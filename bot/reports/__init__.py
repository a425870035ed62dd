"""Tasks and a moment become figures; figures become text, a picture, a spreadsheet."""
