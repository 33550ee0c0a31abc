"""What every page is made with: the city, interface texts in two languages, templates, styles. Knows no session and no request."""
